// SPDX-License-Identifier: MIT
#include "host/service/crash_text.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

constexpr const char* kStacks =
    "Windows fatal exception: code 0xe0505953\n\nThread 0x000000ac (most recent call first):\n  File \"a.py\", line 1 in f\n";

TEST(CrashText, IsTheLastCrashWithItsStacks) {
    const std::string log = std::string(kStacks) +
                            "Windows fatal exception: code 0xe06d7363\n\nCurrent thread 0x1\n"
                            "Windows fatal exception: access violation\r\n\r\nCurrent thread 0x2 (most recent call first):\n"
                            "  File \"b.py\", line 2 in g\n";
    const auto crash = last_crash(log);
    ASSERT_TRUE(crash);
    EXPECT_EQ(crash->headline, "Windows fatal exception: access violation");
    EXPECT_TRUE(crash->text.starts_with("Windows fatal exception: access violation"));
    EXPECT_TRUE(crash->text.ends_with("line 2 in g\n"));
}

TEST(CrashText, IsAFatalErrorOfPython) {
    const auto crash = last_crash("a library's own line\nFatal Python error: Aborted\n");
    ASSERT_TRUE(crash);
    EXPECT_EQ(crash->headline, "Fatal Python error: Aborted");
}

TEST(CrashText, IsNothingThatTheWatchdogAskedFor) {
    EXPECT_FALSE(last_crash(kStacks));
    EXPECT_FALSE(last_crash(""));
    EXPECT_FALSE(last_crash("it says: Fatal Python error: Aborted\n"));
}

}  // namespace
}  // namespace pysvc
