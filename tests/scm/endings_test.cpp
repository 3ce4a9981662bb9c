// SPDX-License-Identifier: MIT
// How services end: by themselves, when asked to, and when they will not.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

TEST(Ending, OfSvcRunIsACleanStop) {
    TestService service("endings.Returns");
    EXPECT_EQ(service.start_and_wait_for_end(), kSuccess);
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(Ending, BySystemExitWithoutACodeOr0IsACleanStop) {
    TestService service("endings.ExitsWith0");
    EXPECT_EQ(service.start_and_wait_for_end(), kSuccess);
    service.set_class("endings.ExitsWithNothing");
    EXPECT_EQ(service.start_and_wait_for_end(), kSuccess);
    EXPECT_EQ(service.log().events().size(), 0u);
}

TEST(Ending, BySystemExitWithACodeIsThatServiceSpecificCode) {
    TestService service("endings.ExitsWith3");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(3));
    EXPECT_TRUE(logged(service, 0x80002021, "warning", "exit code 3"));
}

TEST(Ending, BySystemExitWithATextIsCode1AndTheText) {
    TestService service("endings.ExitsWithText");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(logged(service, 0x80002021, "warning", "no database today"));
}

TEST(EarlyStopped, IsHeldBackUntilMainHasEnded) {
    TestService service("endings.EarlyStopped");
    service.set("StopGrace", 60'000);
    service.start();
    const Process process = service.process();
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), 0u);
    (void)service.report().wait("SvcStop");
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_STOP_PENDING));
    EXPECT_TRUE(process.is_running());
    EXPECT_FALSE(service.report().has("ended"));
    service.report().permit("end");
    EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    EXPECT_TRUE(service.report().has("ended"));
    process.wait_for_end();
}

TEST(EarlyStopped, KeepsItsExitCode) {
    TestService service("endings.EarlyStoppedWithCode");
    service.start();
    EXPECT_EQ(service.stop(), specific(77));
}

TEST(EarlyStopped, EndsALoopThatNeverReturnsBySystemExit) {
    TestService service("endings.EarlyStoppedLoops");
    service.set("StopGrace", 200);
    service.start();
    const Process process = service.process();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(service.report().has("SystemExit"));
    process.wait_for_end();
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(EarlyStopped, EndsTheProcessOfACallThatNeverReturnsWithItsStacks) {
    TestService service("endings.EarlyStoppedHangs");
    service.set("StopGrace", 200);
    service.start();
    const Process process = service.process();
    EXPECT_EQ(service.stop(), kSuccess);
    process.wait_for_end();
    EXPECT_TRUE(logged(service, 0x80002044, "warning", "endings.py"));
    EXPECT_TRUE(logged(service, 0x80002044, "warning", "in main"));
}

TEST(Stop, ThatRaisesStillStopsTheService) {
    TestService service("endings.StopRaises");
    service.set("StopGrace", 200);
    service.start();
    const Process process = service.process();
    const Ended ended = service.stop();
    // A stop that was asked for must not make the recovery actions run.
    EXPECT_EQ(ended.win32, 0u);
    EXPECT_TRUE(logged(service, 0xC000000B, "error", "RuntimeError: SvcStop: Fehler \xE6\x9C\x8D\xE5\x8A\xA1"));
    process.wait_for_end();
}

TEST(Stop, ThatIsIgnoredIsWarnedAboutAndThenForced) {
    TestService service("endings.StopIgnored");
    service.set("StopTimeout", 1'000);
    service.set("StopKillTimeout", 2'000);
    service.start();
    const Process process = service.process();
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), 0u);
    (void)service.report().wait("SvcStop");
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_STOP_PENDING));
    // Win32 code 0: an administrator's stop must not restart it. The code stands in the other field.
    EXPECT_EQ(service.wait_for_stopped(), (Ended{0, 0x20002043}));
    process.wait_for_end();
    EXPECT_TRUE(logged(service, 0x80002042, "warning", "in main"));
    EXPECT_TRUE(logged(service, 0xC0002043, "error", "in main"));
}

TEST(Stop, OfAStoppingServiceIsRefusedAndHarmless) {
    TestService service("endings.EarlyStopped");
    service.set("StopGrace", 60'000);
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), 0u);
    (void)service.report().wait("SvcStop");
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), static_cast<DWORD>(ERROR_SERVICE_CANNOT_ACCEPT_CTRL));
    service.report().permit("end");
    EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    EXPECT_EQ(service.report().values("SvcStop").size(), 1u);
}

TEST(Finalisation, ThatHangsIsEndedWithStacks) {
    TestService service("endings.AtExitHangs");
    service.set("FinalizeTimeout", 500);
    service.start();
    const Process process = service.process();
    EXPECT_EQ(service.stop(), kSuccess);
    process.wait_for_end();
    EXPECT_TRUE(logged(service, 0x80002045, "warning", "finalize-timed-out"));
}

TEST(Finalisation, SurvivesDaemonThreadsThatComeBackFromC) {
    TestService service("endings.DaemonThread");
    for (int i = 0; i < 5; ++i) {
        service.start();
        const Process process = service.process();
        EXPECT_EQ(service.stop(), kSuccess);
        EXPECT_EQ(process.wait_for_end(), 0u);
    }
}

TEST(Finalisation, CanBeSwitchedOff) {
    TestService service("facts.Facts");
    service.set("Finalize", "off");
    service.start();
    (void)service.report().wait("child");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_FALSE(service.report().has("atexit"));
}

TEST(Start, ThatNeverEndsIsEndedWithStacks) {
    TestService service("hanging_import.Service");
    service.set("StartTimeout", 2'000);
    ASSERT_EQ(service.try_start(), 0u);
    (void)service.report().wait("importing");
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_START_PENDING));
    const Process process = service.process();
    EXPECT_EQ(service.wait_for_stopped(), specific(0x20002041));
    process.wait_for_end();
    EXPECT_TRUE(logged(service, 0xC0002041, "error", "hanging_import.py"));
}

TEST(Start, WhoseConstructorNeverEndsIsEndedWithStacks) {
    TestService service("constructors.Hangs");
    service.set("StartTimeout", 1'000);
    ASSERT_EQ(service.try_start(), 0u);
    (void)service.report().wait("constructing");
    const Process process = service.process();
    EXPECT_EQ(service.wait_for_stopped(), specific(0x20002041));
    process.wait_for_end();
    EXPECT_TRUE(logged(service, 0xC0002041, "error", "constructors.py"));
    EXPECT_TRUE(logged(service, 0xC0002041, "error", "in __init__"));
}

}  // namespace
}  // namespace pysvc::test
