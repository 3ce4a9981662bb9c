// SPDX-License-Identifier: MIT
#include "host/windows/crash_watch.hpp"

#include "host/windows/crash_dumps.hpp"
#include "host/windows/win32.hpp"

namespace pysvc::win {
namespace {

/// When the process was created; 0 when it cannot be asked.
std::uint64_t creation_time(HANDLE process) {
    FILETIME created{};
    FILETIME other{};
    if (!GetProcessTimes(process, &created, &other, &other, &other)) return 0;
    return (std::uint64_t{created.dwHighDateTime} << 32) | created.dwLowDateTime;
}

}  // namespace

ProcessIdentity WindowsCrashWatch::this_process() {
    return {GetCurrentProcessId(), creation_time(GetCurrentProcess())};
}

bool WindowsCrashWatch::is_running(const ProcessIdentity& process) {
    // A process of another account, which cannot be opened, is none of this service's.
    const UniqueHandle opened(OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, process.id));
    return opened && creation_time(opened.get()) == process.created &&
           WaitForSingleObject(opened.get(), 0) == WAIT_TIMEOUT;
}

std::chrono::system_clock::time_point WindowsCrashWatch::machine_started() {
    return std::chrono::system_clock::now() - std::chrono::milliseconds(GetTickCount64());
}

void WindowsCrashWatch::write_dumps(const std::string& folder, const std::string& service) {
    enable_crash_dumps(widen(folder), widen(service));
}

}  // namespace pysvc::win
