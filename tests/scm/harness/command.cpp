// SPDX-License-Identifier: MIT
#include "tests/scm/harness/command.hpp"

#include "tests/scm/harness/environment.hpp"

#include <gtest/gtest.h>

#include <mutex>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// As CommandLineToArgvW takes it apart.
std::wstring quoted(const std::wstring& argument) {
    std::wstring out = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t c : argument) {
        if (c == L'\\') {
            ++backslashes;
            continue;
        }
        out.append(c == L'"' ? backslashes * 2 + 1 : backslashes, L'\\');
        backslashes = 0;
        out += c;
    }
    out.append(backslashes * 2, L'\\');
    return out + L'"';
}

}  // namespace

struct Command::Output {
    std::mutex mutex;
    std::string text;
};

Command::Command(const std::vector<std::string>& arguments, const fs::path& folder)
    : Command(host_executable(), arguments, folder) {}

Command::Command(const fs::path& program, const std::vector<std::string>& arguments, const fs::path& folder)
    : output_(std::make_shared<Output>()) {
    std::wstring line = quoted(program.native());
    for (const std::string& argument : arguments) line += L' ' + quoted(win::widen(argument));
    launch(line, folder);
}

Command::~Command() {
    if (is_running()) TerminateProcess(process_.get(), 1);
    if (reader_.joinable()) reader_.join();
}

void Command::launch(const std::wstring& command_line, const fs::path& folder) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    win::UniqueHandle write_end;
    ASSERT_TRUE(CreatePipe(read_end_.put(), write_end.put(), &inherit, 0));
    SetHandleInformation(read_end_.get(), HANDLE_FLAG_INHERIT, 0);
    const win::UniqueHandle nothing(
        CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit, OPEN_EXISTING, 0, nullptr));
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = nothing.get();
    startup.hStdOutput = write_end.get();
    startup.hStdError = write_end.get();
    PROCESS_INFORMATION information{};
    std::wstring line = command_line;
    ASSERT_TRUE(CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr,
                               folder.empty() ? nullptr : folder.c_str(), &startup, &information))
        << "error " << GetLastError();
    process_.reset(information.hProcess);
    CloseHandle(information.hThread);
    reader_ = std::thread([output = output_, pipe = read_end_.get()] {
        char block[1024];
        DWORD size = 0;
        while (ReadFile(pipe, block, sizeof block, &size, nullptr) && size != 0) {
            const std::lock_guard lock(output->mutex);
            output->text.append(block, size);
        }
    });
}

DWORD Command::wait(std::chrono::milliseconds limit) {
    if (WaitForSingleObject(process_.get(), static_cast<DWORD>(limit.count())) != WAIT_OBJECT_0) {
        ADD_FAILURE() << "the program does not end; its output:\n" << output();
        TerminateProcess(process_.get(), 1);
    }
    if (reader_.joinable()) reader_.join();
    DWORD code = 0;
    GetExitCodeProcess(process_.get(), &code);
    return code;
}

std::string Command::output() {
    const std::lock_guard lock(output_->mutex);
    return output_->text;
}

bool Command::is_running() const { return process_ && WaitForSingleObject(process_.get(), 0) == WAIT_TIMEOUT; }

CommandResult run_command(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
    Command command(arguments, folder);
    const DWORD code = command.wait();
    return {code, command.output()};
}

}  // namespace pysvc::test
