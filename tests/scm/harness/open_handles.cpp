// SPDX-License-Identifier: MIT
#include "tests/scm/harness/open_handles.hpp"

#include <gtest/gtest.h>
#include <winternl.h>

#include <cstring>
#include <vector>

namespace pysvc::test {
namespace {

// GetProcessHandleCount would do on Windows; under Wine it always says 0.
constexpr auto kExtendedHandleInformation = static_cast<SYSTEM_INFORMATION_CLASS>(64);
constexpr auto kLengthMismatch = static_cast<NTSTATUS>(0xC0000004);

/// One of the handles of the system, which follow two pointer-sized numbers: their count and a reserved one.
struct HandleEntry {
    void* object;
    ULONG_PTR process;
    ULONG_PTR handle;
    ULONG access;
    USHORT creator;
    USHORT type;
    ULONG attributes;
    ULONG reserved;
};

}  // namespace

std::size_t open_handles(DWORD process) {
    using Query = NTSTATUS(NTAPI*)(SYSTEM_INFORMATION_CLASS, void*, ULONG, ULONG*);
    const auto query = win::exported<Query>(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation");
    std::vector<char> buffer(1'024 * 1'024);
    NTSTATUS status = kLengthMismatch;
    while ((status = query(kExtendedHandleInformation, buffer.data(), static_cast<ULONG>(buffer.size()), nullptr)) ==
           kLengthMismatch) {
        buffer.resize(buffer.size() * 2);
    }
    EXPECT_GE(status, 0);
    ULONG_PTR all = 0;
    std::memcpy(&all, buffer.data(), sizeof all);
    std::size_t count = 0;
    for (ULONG_PTR i = 0; i < all; ++i) {
        HandleEntry entry{};
        std::memcpy(&entry, buffer.data() + 2 * sizeof(ULONG_PTR) + i * sizeof entry, sizeof entry);
        if (entry.process == process) ++count;
    }
    EXPECT_NE(count, 0u) << "no handles of process " << process;
    return count;
}

}  // namespace pysvc::test
