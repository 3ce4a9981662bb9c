// SPDX-License-Identifier: MIT
#include "host/service/child_process.hpp"

#include "host/windows/win32.hpp"

#include <array>
#include <cstddef>
#include <thread>

namespace pysvc {
namespace {

using win::last_error;
using win::UniqueHandle;
using win::widen;

struct Pipe {
    UniqueHandle ours;
    UniqueHandle theirs;
};

/// A pipe whose `theirs` end alone can be inherited.
Result<Pipe> make_pipe(bool child_reads) {
    UniqueHandle read;
    UniqueHandle write;
    if (!CreatePipe(read.put(), write.put(), nullptr, 0)) {
        return failure(last_error(ErrorCode::OperatingSystem, "CreatePipe"));
    }
    Pipe pipe = child_reads ? Pipe{std::move(write), std::move(read)} : Pipe{std::move(read), std::move(write)};
    if (!SetHandleInformation(pipe.theirs.get(), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)) {
        return failure(last_error(ErrorCode::OperatingSystem, "SetHandleInformation"));
    }
    return pipe;
}

/// Limits what is inherited to three handles: this process may have others that are inheritable.
class AttributeList {
public:
    explicit AttributeList(std::array<HANDLE, 3>& handles) {
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        memory_.resize(size);
        if (!InitializeProcThreadAttributeList(get(), 1, 0, &size)) return;
        initialized_ = true;
        ready_ = UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles.data(), sizeof handles,
                                           nullptr, nullptr) != 0;
    }
    AttributeList(const AttributeList&) = delete;
    AttributeList& operator=(const AttributeList&) = delete;
    ~AttributeList() {
        if (initialized_) DeleteProcThreadAttributeList(get());
    }
    [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST get() {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    }
    [[nodiscard]] bool ready() const { return ready_; }

private:
    std::vector<std::byte> memory_;
    bool initialized_ = false;
    bool ready_ = false;
};

/// A job whose processes end with it: python.exe of a virtual environment is a launcher that starts another one.
UniqueHandle make_job() {
    UniqueHandle job(CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (job) SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits);
    return job;
}

/// CommandLineToArgvW's rules backwards. host/commands has the same for ImagePath; this layer may not use it.
void append_quoted(std::wstring& line, std::wstring_view argument) {
    if (!line.empty()) line.push_back(L' ');
    line.push_back(L'"');
    std::size_t backslashes = 0;
    for (const wchar_t c : argument) {
        if (c == L'\\') {
            ++backslashes;
            continue;
        }
        line.append(c == L'"' ? 2 * backslashes + 1 : backslashes, L'\\');
        line.push_back(c);
        backslashes = 0;
    }
    line.append(2 * backslashes, L'\\');
    line.push_back(L'"');
}

std::wstring command_line_of(const ChildRequest& request) {
    std::wstring line;
    append_quoted(line, widen(request.program));
    for (const std::string& argument : request.arguments) append_quoted(line, widen(argument));
    return line;
}

Result<UniqueHandle> start(const ChildRequest& request, std::array<HANDLE, 3>& handles, HANDLE job) {
    AttributeList attributes(handles);
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = handles[0];
    startup.StartupInfo.hStdOutput = handles[1];
    startup.StartupInfo.hStdError = handles[2];
    startup.lpAttributeList = attributes.ready() ? attributes.get() : nullptr;
    std::wstring line = command_line_of(request);
    const std::wstring program = widen(request.program);
    const std::wstring directory = widen(request.working_directory);
    // A bare name is searched for by the system in the command line; a path must be exactly that file.
    const bool is_path = program.find_first_of(L"\\/") != std::wstring::npos;
    PROCESS_INFORMATION info{};
    const BOOL started = CreateProcessW(is_path ? program.c_str() : nullptr, line.data(), nullptr, nullptr, TRUE,
                                        CREATE_SUSPENDED | CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT, nullptr,
                                        directory.empty() ? nullptr : directory.c_str(), &startup.StartupInfo, &info);
    if (!started) return failure(last_error(ErrorCode::OperatingSystem, request.program));
    const UniqueHandle thread(info.hThread);
    UniqueHandle process(info.hProcess);
    if (job) AssignProcessToJobObject(job, process.get());
    ResumeThread(thread.get());
    return process;
}

void read_all(HANDLE pipe, std::string& out) {
    std::array<char, 4096> buffer{};
    DWORD count = 0;
    while (ReadFile(pipe, buffer.data(), static_cast<DWORD>(buffer.size()), &count, nullptr) && count != 0) {
        out.append(buffer.data(), count);
    }
}

void write_all(UniqueHandle pipe, std::string_view text) {
    while (!text.empty()) {
        DWORD count = 0;
        if (!WriteFile(pipe.get(), text.data(), static_cast<DWORD>(text.size()), &count, nullptr)) return;
        text.remove_prefix(count);
    }
}

class Win32ChildProcess final : public ChildProcess {
public:
    Result<ChildResult> run(const ChildRequest& request) override {
        auto in = make_pipe(true);
        if (!in) return failure(in.error());
        auto out = make_pipe(false);
        if (!out) return failure(out.error());
        auto err = make_pipe(false);
        if (!err) return failure(err.error());
        std::array<HANDLE, 3> handles{in->theirs.get(), out->theirs.get(), err->theirs.get()};
        const UniqueHandle job = make_job();
        const auto process = start(request, handles, job.get());
        if (!process) return failure(process.error());
        for (Pipe* pipe : {&*in, &*out, &*err}) pipe->theirs.reset();

        ChildResult result;
        {
            std::jthread writer([&] { write_all(std::move(in->ours), request.input); });
            std::jthread reader([&] { read_all(out->ours.get(), result.output); });
            std::jthread error_reader([&] { read_all(err->ours.get(), result.errors); });
            const DWORD limit = static_cast<DWORD>(request.limit.count());
            result.timed_out = WaitForSingleObject(process->get(), limit) != WAIT_OBJECT_0;
            // Also after a normal end: what the child left running would keep the pipes open.
            if (job) TerminateJobObject(job.get(), ERROR_TIMEOUT);
            if (result.timed_out) TerminateProcess(process->get(), ERROR_TIMEOUT);
        }
        DWORD code = 0;
        GetExitCodeProcess(process->get(), &code);
        result.exit_code = code;
        return result;
    }
};

}  // namespace

std::unique_ptr<ChildProcess> make_child_process() { return std::make_unique<Win32ChildProcess>(); }

}  // namespace pysvc
