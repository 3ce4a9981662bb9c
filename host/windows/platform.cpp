// SPDX-License-Identifier: MIT
#include "host/service/platform.hpp"

#include "host/base/text.hpp"
#include "host/windows/crash_watch.hpp"
#include "host/windows/event_log.hpp"
#include "host/windows/processes.hpp"
#include "host/windows/scm_server.hpp"
#include "host/windows/service_registry.hpp"
#include "host/windows/win32.hpp"

#include <algorithm>

namespace pysvc {
namespace {

bool parent_is_services_exe() {
    const std::vector<win::ProcessEntry> processes = win::system_processes();
    const auto self = std::ranges::find(processes, GetCurrentProcessId(), &win::ProcessEntry::id);
    if (self == processes.end()) return false;
    const auto parent = std::ranges::find(processes, self->parent_id, &win::ProcessEntry::id);
    return parent != processes.end() && equal_ignoring_case(parent->name, "services.exe");
}

bool has_standard_handles() {
    const auto present = [](DWORD id) {
        const HANDLE handle = GetStdHandle(id);
        return handle != nullptr && handle != INVALID_HANDLE_VALUE;
    };
    return present(STD_INPUT_HANDLE) || present(STD_OUTPUT_HANDLE) || present(STD_ERROR_HANDLE);
}

}  // namespace

bool started_by_scm(const std::vector<std::string>& argv) {
    return (argv.size() <= 1 && !has_standard_handles()) || parent_is_services_exe();
}

std::vector<std::string> group_names(const std::string& group) { return win::ServiceRegistry::group_names(group); }

Result<ServicePlatform> make_service_platform() {
    return ServicePlatform{std::make_unique<win::WindowsScmServer>(), std::make_unique<win::WindowsDispatcher>(),
                           std::make_unique<win::WindowsEventLog>(), std::make_unique<win::WindowsCrashWatch>()};
}

std::unique_ptr<ServiceConfig> make_service_config() { return std::make_unique<win::ServiceRegistry>(); }

std::string program_directory() {
    std::wstring path(MAX_PATH, L'\0');
    DWORD length = 0;
    while ((length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()))) == path.size()) {
        path.resize(path.size() * 2);
    }
    path.resize(length);
    return win::narrow(path.substr(0, path.find_last_of(L'\\')));
}

std::uint32_t process_id() { return GetCurrentProcessId(); }

Result<void> set_working_directory(const std::string& directory) {
    if (!SetCurrentDirectoryW(win::widen(directory).c_str())) {
        return failure(ErrorCode::OperatingSystem, GetLastError(), "changing to the folder '" + directory + "'");
    }
    return {};
}

}  // namespace pysvc
