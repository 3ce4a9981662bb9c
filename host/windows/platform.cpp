// SPDX-License-Identifier: MIT
#include "host/service/platform.hpp"

#include "host/base/text.hpp"
#include "host/windows/event_log.hpp"
#include "host/windows/scm_server.hpp"
#include "host/windows/service_registry.hpp"
#include "host/windows/win32.hpp"

#include <winternl.h>

#include <algorithm>
#include <cstddef>

namespace pysvc {
namespace {

/// The beginning of an entry of SystemProcessInformation; <winternl.h> hides the parent's id in a reserved field.
struct ProcessEntry {
    ULONG next_offset;
    ULONG thread_count;
    BYTE reserved1[48];
    UNICODE_STRING image_name;
    LONG base_priority;
    HANDLE process_id;
    HANDLE parent_id;
};

/// All processes of the system. Not OpenProcess and a name: LocalService may not open services.exe.
std::vector<std::byte> system_processes() {
    using Query = NTSTATUS(NTAPI*)(SYSTEM_INFORMATION_CLASS, void*, ULONG, ULONG*);
    constexpr NTSTATUS kLengthMismatch = static_cast<NTSTATUS>(0xC0000004);
    const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    const auto query = win::exported<Query>(ntdll, "NtQuerySystemInformation");
    if (query == nullptr) return {};
    std::vector<std::byte> buffer(64 * 1024);
    for (;;) {
        ULONG needed = 0;
        const NTSTATUS status =
            query(SystemProcessInformation, buffer.data(), static_cast<ULONG>(buffer.size()), &needed);
        if (status == kLengthMismatch) {
            // More processes may have come meanwhile.
            buffer.resize(std::max<std::size_t>(needed, buffer.size()) + 16 * 1024);
            continue;
        }
        if (status < 0) buffer.clear();
        return buffer;
    }
}

template <class Predicate>
const ProcessEntry* find_process(const std::vector<std::byte>& processes, Predicate predicate) {
    for (std::size_t offset = 0; offset + sizeof(ProcessEntry) <= processes.size();) {
        const auto* entry = reinterpret_cast<const ProcessEntry*>(processes.data() + offset);
        if (predicate(*entry)) return entry;
        if (entry->next_offset == 0) return nullptr;
        offset += entry->next_offset;
    }
    return nullptr;
}

bool parent_is_services_exe() {
    const std::vector<std::byte> processes = system_processes();
    const DWORD own = GetCurrentProcessId();
    const auto id_of = [](HANDLE value) { return static_cast<DWORD>(reinterpret_cast<std::uintptr_t>(value)); };
    const ProcessEntry* self = find_process(processes, [&](const ProcessEntry& e) { return id_of(e.process_id) == own; });
    if (self == nullptr) return false;
    const DWORD parent_id = id_of(self->parent_id);
    const ProcessEntry* parent =
        find_process(processes, [&](const ProcessEntry& e) { return id_of(e.process_id) == parent_id; });
    if (parent == nullptr || parent->image_name.Buffer == nullptr) return false;
    const std::wstring_view name(parent->image_name.Buffer, parent->image_name.Length / sizeof(wchar_t));
    return equal_ignoring_case(win::narrow(name), "services.exe");
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
                           std::make_unique<win::WindowsEventLog>()};
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
