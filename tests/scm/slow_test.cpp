// SPDX-License-Identifier: MIT
// What takes its time by its nature. scripts/test runs these beside the others.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

using namespace std::chrono_literals;

TEST(Slow, ModuleThatImportsForAMinuteStarts) {
    TestService service("slow_import.SlowImport");
    ASSERT_EQ(service.try_start(), 0u);
    const SERVICE_STATUS_PROCESS starting = service.status();
    EXPECT_EQ(starting.dwCurrentState, static_cast<DWORD>(SERVICE_START_PENDING));
    EXPECT_EQ(starting.dwControlsAccepted, 0u);
    EXPECT_GT(starting.dwWaitHint, 60'000u) << "a waiting client would give up";

    ASSERT_TRUE(wait_until([&] { return !service.log().events(0x80002040).empty(); }, 120s)) << "no warning";
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_START_PENDING));
    EXPECT_TRUE(logged(service, 0x80002040, "warning", "slow_import.py\", line 8 in <module>"));

    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(Slow, ControlsReturnWhileCHoldsTheGil) {
    TestService service("endings.HoldsTheGil");
    service.start();
    (void)service.report().wait("entering C");

    DWORD state = 0;
    EXPECT_EQ(service.control(SERVICE_CONTROL_INTERROGATE, state), 0u);
    EXPECT_EQ(state, static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(service.control(140), 0u);
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP, state), 0u);
    EXPECT_EQ(state, static_cast<DWORD>(SERVICE_STOP_PENDING));
    // All of them were answered while Python could not be.
    EXPECT_FALSE(service.report().has("back from C"));
    EXPECT_FALSE(service.report().has("SvcOther"));

    EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    EXPECT_TRUE(service.report().has("back from C"));
    EXPECT_TRUE(service.report().has("SvcStop"));
}

TEST(Slow, StopTimeoutWritesTheStacksOfAThreadThatHoldsTheGil) {
    TestService service("endings.HoldsTheGil");
    service.set("StopTimeout", 1'000);
    service.set("StopKillTimeout", 3'000);
    service.start();
    (void)service.report().wait("entering C");
    const Process process = service.process();
    EXPECT_EQ(service.stop(), (Ended{0, 0x20002043}));
    EXPECT_FALSE(service.report().has("back from C"));
    process.wait_for_end();
    EXPECT_TRUE(logged(service, 0x80002042, "warning", "endings.py"));
    EXPECT_TRUE(logged(service, 0xC0002043, "error", "in main"));
}

}  // namespace
}  // namespace pysvc::test
