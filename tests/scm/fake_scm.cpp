// SPDX-License-Identifier: MIT
#include "tests/scm/fake_scm.hpp"

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/wait.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace pysvc::test {
namespace {

/// Far above what Wine's own SCM counts to.
constexpr DWORD kOurCounters = 100'000;
constexpr DWORD kMagic = 0x57494E45;  // "WINE"
constexpr DWORD kStart = 0;

/// Head of a message of Wine's SCM; behind it the service name and the payload. The answer is one DWORD.
struct MessageHead {
    DWORD magic;
    DWORD total_size;
    DWORD name_length;  ///< in characters, with its NUL
    DWORD control;
};
static_assert(sizeof(MessageHead) == 16);

DWORD read_counter(HKEY key) {
    DWORD value = 0;
    DWORD size = sizeof value;
    RegQueryValueExW(key, nullptr, nullptr, nullptr, reinterpret_cast<BYTE*>(&value), &size);
    return value;
}

void write_counter(HKEY key, DWORD value) {
    RegSetValueExW(key, nullptr, 0, REG_DWORD, reinterpret_cast<const BYTE*>(&value), sizeof value);
}

}  // namespace

FakeScm::FakeScm() {
    EXPECT_EQ(RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Control\\ServiceCurrent", 0, nullptr,
                              REG_OPTION_VOLATILE, KEY_ALL_ACCESS, nullptr, counter_key_.put(), nullptr),
              ERROR_SUCCESS);
    listen();
}

void FakeScm::listen() {
    counter_before_ = read_counter(counter_key_.get());
    const DWORD counter = counter_before_ + kOurCounters;
    const std::wstring name = L"\\\\.\\pipe\\net\\NtControlPipe" + std::to_wstring(counter);
    pipe_.reset(CreateNamedPipeW(name.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE | PIPE_WAIT, 1,
                                 65'536, 65'536, 10'000, nullptr));
    EXPECT_TRUE(pipe_) << "CreateNamedPipe failed with " << GetLastError();
    write_counter(counter_key_.get(), counter);
}

FakeScm::~FakeScm() {
    if (is_running()) {
        TerminateProcess(process_.get(), 1);
        WaitForSingleObject(process_.get(), 10'000);
    }
    // Wine's SCM counts on from what it finds.
    write_counter(counter_key_.get(), counter_before_ + kOurCounters);
}

void FakeScm::launch(const std::string& arguments) {
    launch_line('"' + text_of(host_executable()) + "\" " + arguments);
}

void FakeScm::launch_line(const std::string& command_line) {
    for (int attempts = 3; attempts > 0; --attempts) {
        start_process(command_line);
        if (process_connects()) return;
        // Wine starts services of its own for some time after the boot of a prefix. One that came in between has taken
        // the counter on, and our process was at the pipe of nobody.
        DWORD code = 0;
        GetExitCodeProcess(process_.get(), &code);
        if (code != ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) break;
        listen();
    }
    FAIL() << "the process did not connect";
}

void FakeScm::start_process(const std::string& command_line) {
    std::wstring line = win::widen(command_line);
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION information{};
    // As services.exe does it: no console, no standard handles.
    ASSERT_TRUE(CreateProcessW(nullptr, line.data(), nullptr, nullptr, FALSE, DETACHED_PROCESS, nullptr, nullptr,
                               &startup, &information))
        << "error " << GetLastError();
    process_.reset(information.hProcess);
    CloseHandle(information.hThread);
}

bool FakeScm::process_connects() {
    const win::UniqueHandle event(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    OVERLAPPED connection{};
    connection.hEvent = event.get();
    if (ConnectNamedPipe(pipe_.get(), &connection) || GetLastError() != ERROR_IO_PENDING) return true;
    const HANDLE either[] = {event.get(), process_.get()};
    const auto limit = static_cast<DWORD>(std::chrono::milliseconds(kPatience).count());
    if (WaitForMultipleObjects(2, either, FALSE, limit) == WAIT_OBJECT_0) return true;
    // The system writes to `connection` until it is told not to.
    DWORD ignored = 0;
    CancelIo(pipe_.get());
    GetOverlappedResult(pipe_.get(), &connection, &ignored, TRUE);
    return false;
}

DWORD FakeScm::start(const std::string& name, const std::vector<std::string>& arguments) {
    // A list of strings, each with its NUL, the service name first, an empty one last.
    std::string list = registry::units_of(name);
    for (const std::string& argument : arguments) list += registry::units_of(argument);
    list += registry::units_of("");
    // Wine's dispatcher keeps the thread of a ServiceMain until it has seen it end, which may be after STOPPED.
    DWORD code = 0;
    (void)wait_until([&] {
        code = exchange(name, kStart, list);
        return code != ERROR_SERVICE_ALREADY_RUNNING;
    });
    return code;
}

DWORD FakeScm::control(const std::string& name, DWORD code, std::string_view event_data) {
    return exchange(name, code, event_data);
}

DWORD FakeScm::exchange(const std::string& name, DWORD code, std::string_view payload) {
    const std::string name_units = registry::units_of(name);
    MessageHead head{};
    head.magic = kMagic;
    head.total_size = static_cast<DWORD>(sizeof head + name_units.size() + payload.size());
    head.name_length = static_cast<DWORD>(name_units.size() / sizeof(wchar_t));
    head.control = code;
    std::string message(reinterpret_cast<const char*>(&head), sizeof head);
    message += name_units;
    message += payload;

    const win::UniqueHandle event(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    DWORD size = 0;
    OVERLAPPED writing{};
    writing.hEvent = event.get();
    if (!WriteFile(pipe_.get(), message.data(), static_cast<DWORD>(message.size()), nullptr, &writing) &&
        GetLastError() != ERROR_IO_PENDING) {
        ADD_FAILURE() << "control " << code << " could not be sent, error " << GetLastError();
        return ~0u;
    }
    GetOverlappedResult(pipe_.get(), &writing, &size, TRUE);

    DWORD answer = 0;
    OVERLAPPED reading{};
    reading.hEvent = event.get();
    if (!ReadFile(pipe_.get(), &answer, sizeof answer, nullptr, &reading) && GetLastError() != ERROR_IO_PENDING) {
        ADD_FAILURE() << "control " << code << " was not answered, error " << GetLastError();
        return ~0u;
    }
    const auto limit = static_cast<DWORD>(std::chrono::milliseconds(kPatience).count());
    if (WaitForSingleObject(event.get(), limit) == WAIT_TIMEOUT) {
        ADD_FAILURE() << "control " << code << " is not answered";
        // What waits for it, which may be this thread, goes on then.
        TerminateProcess(process_.get(), 1);
    }
    if (!GetOverlappedResult(pipe_.get(), &reading, &size, TRUE) || size != sizeof answer) {
        ADD_FAILURE() << "control " << code << " was not answered, error " << GetLastError();
        return ~0u;
    }
    return answer;
}

bool FakeScm::is_running() const { return process_ && WaitForSingleObject(process_.get(), 0) == WAIT_TIMEOUT; }

DWORD FakeScm::wait_for_end() const {
    const auto limit = static_cast<DWORD>(std::chrono::milliseconds(kPatience).count());
    EXPECT_EQ(WaitForSingleObject(process_.get(), limit), WAIT_OBJECT_0) << "the process goes on";
    DWORD code = 0;
    GetExitCodeProcess(process_.get(), &code);
    return code;
}

}  // namespace pysvc::test
