// SPDX-License-Identifier: MIT
#include "host/windows/processes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pysvc::win {
namespace {

TEST(Processes, HaveThisOneAmongThem) {
    const auto processes = system_processes();
    const auto self = std::ranges::find(processes, GetCurrentProcessId(), &ProcessEntry::id);
    ASSERT_NE(self, processes.end());
    EXPECT_EQ(self->name, "unit_tests.exe");
}

TEST(Processes, OfOnesOwnAreThoseThatOneHasStarted) {
    wchar_t command[] = L"cmd.exe";
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION started{};
    // Suspended, so that it has no time to end.
    ASSERT_TRUE(CreateProcessW(nullptr, command, nullptr, nullptr, FALSE, CREATE_SUSPENDED, nullptr, nullptr, &startup,
                               &started));
    const UniqueHandle process(started.hProcess);
    const UniqueHandle thread(started.hThread);
    const auto children = child_processes();
    const auto child = std::ranges::find(children, started.dwProcessId, &ProcessEntry::id);
    ASSERT_NE(child, children.end());
    EXPECT_EQ(child->name, "cmd.exe");
    EXPECT_EQ(child->parent_id, GetCurrentProcessId());
    TerminateProcess(process.get(), 0);
    WaitForSingleObject(process.get(), INFINITE);
}

}  // namespace
}  // namespace pysvc::win
