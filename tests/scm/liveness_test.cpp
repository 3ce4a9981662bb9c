// SPDX-License-Identifier: MIT
// What our own functions of servicemanager do for a service: it is ready, it is alive.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

TEST(StartupModeNotify, IsStartPendingUntilTheServiceIsReady) {
    TestService service("liveness.ReadyLater");
    service.set("StartupMode", "notify");
    ASSERT_EQ(service.try_start(), 0u);
    (void)service.report().wait("main");
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_START_PENDING));
    EXPECT_EQ(service.status().dwControlsAccepted, 0u);
    service.report().permit("ready");
    service.wait_for(SERVICE_RUNNING);
    EXPECT_NE(service.status().dwControlsAccepted & SERVICE_ACCEPT_STOP, 0u);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Watchdog, EndsAServiceThatGivesNoHeartbeat) {
    TestService service("liveness.Unheard");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002048));
    EXPECT_TRUE(logged(service, 0xC0002048, "error", "in main"));
}

TEST(FailAsCrash, EndsTheProcessWithoutStopped) {
    TestService service("liveness.Raises");
    service.set("FailAs", "crash");
    service.start();
    const Process process = service.process();
    service.report().permit("raise");
    EXPECT_EQ(process.wait_for_end(), 0x20000001u);
    // Windows sees that the process is gone, with a code of its own; Wine only when it needs the process.
    const SERVICE_STATUS_PROCESS status = service.status();
    EXPECT_TRUE(status.dwCurrentState != SERVICE_STOPPED || status.dwWin32ExitCode == ERROR_PROCESS_ABORTED);
    EXPECT_TRUE(logged(service, 0xC0000003, "error", "OSError: disk"));
}

TEST(FailAsCrash, DoesNotTouchAStopThatWasAskedFor) {
    TestService service("endings.EarlyStoppedWithCode");
    service.set("FailAs", "crash");
    service.start();
    EXPECT_EQ(service.stop(), specific(77));
}

}  // namespace
}  // namespace pysvc::test
