// SPDX-License-Identifier: MIT
#include "host/windows/processes.hpp"

#include <winternl.h>

#include <algorithm>
#include <cstddef>

namespace pysvc::win {
namespace {

/// The beginning of an entry of SystemProcessInformation; <winternl.h> hides most of it in reserved fields.
struct Entry {
    ULONG next_offset;
    ULONG thread_count;
    BYTE reserved[24];
    LARGE_INTEGER created;
    LARGE_INTEGER user_time;
    LARGE_INTEGER kernel_time;
    UNICODE_STRING image_name;
    LONG base_priority;
    HANDLE process_id;
    HANDLE parent_id;
};
// MSDN, SYSTEM_PROCESS_INFORMATION: two ULONG and 48 reserved bytes come before the name.
static_assert(offsetof(Entry, image_name) == 2 * sizeof(ULONG) + 48);

std::vector<std::byte> query_processes() {
    using Query = NTSTATUS(NTAPI*)(SYSTEM_INFORMATION_CLASS, void*, ULONG, ULONG*);
    constexpr NTSTATUS kLengthMismatch = static_cast<NTSTATUS>(0xC0000004);
    const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    const auto query = exported<Query>(ntdll, "NtQuerySystemInformation");
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

DWORD id_of(HANDLE value) { return static_cast<DWORD>(reinterpret_cast<std::uintptr_t>(value)); }

}  // namespace

std::vector<ProcessEntry> system_processes() {
    const std::vector<std::byte> buffer = query_processes();
    std::vector<ProcessEntry> processes;
    for (std::size_t offset = 0; offset + sizeof(Entry) <= buffer.size();) {
        const auto* entry = reinterpret_cast<const Entry*>(buffer.data() + offset);
        std::wstring_view name;
        if (entry->image_name.Buffer != nullptr) {
            name = {entry->image_name.Buffer, entry->image_name.Length / sizeof(wchar_t)};
        }
        processes.push_back({id_of(entry->process_id), id_of(entry->parent_id), entry->created.QuadPart, narrow(name)});
        if (entry->next_offset == 0) break;
        offset += entry->next_offset;
    }
    return processes;
}

std::vector<ProcessEntry> child_processes() {
    std::vector<ProcessEntry> processes = system_processes();
    const auto self = std::ranges::find(processes, GetCurrentProcessId(), &ProcessEntry::id);
    if (self == processes.end()) return {};
    const ProcessEntry own = *self;
    // Numbers of processes are given again: whoever is older than this process is the child of another one.
    std::erase_if(processes, [&](const ProcessEntry& process) {
        return process.parent_id != own.id || process.created < own.created;
    });
    return processes;
}

}  // namespace pysvc::win
