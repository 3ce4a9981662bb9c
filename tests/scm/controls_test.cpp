// SPDX-License-Identifier: MIT
// Controls of a running service.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

TEST(Controls, UserDefinedOnesReachSvcOther) {
    TestService service("framework.Other");
    service.start();
    EXPECT_EQ(service.control(128), 0u);
    EXPECT_EQ(service.control(255), 0u);
    service.report().wait_for_count("SvcOther", 2);
    EXPECT_EQ(service.report().values("SvcOther"), (std::vector<std::string>{"128", "255"}));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, ArriveInTheirOrderAndNoneIsLost) {
    TestService service("framework.Other");
    service.start();
    std::vector<std::string> sent;
    for (DWORD code = 128; code < 256; ++code) {
        EXPECT_EQ(service.control(code), 0u);
        sent.push_back(std::to_string(code));
    }
    service.report().wait_for_count("SvcOther", sent.size());
    EXPECT_EQ(service.report().values("SvcOther"), sent);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, InterrogateChangesNothing) {
    TestService service("framework.Service");
    service.start();
    DWORD state = 0;
    EXPECT_EQ(service.control(SERVICE_CONTROL_INTERROGATE, state), 0u);
    EXPECT_EQ(state, static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, NotAcceptedOnesAreRefused) {
    TestService service("framework.Service");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), static_cast<DWORD>(ERROR_INVALID_SERVICE_CONTROL));
    EXPECT_EQ(service.control(SERVICE_CONTROL_PARAMCHANGE), static_cast<DWORD>(ERROR_INVALID_SERVICE_CONTROL));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, PauseAndContinue) {
    TestService service("framework.Pausing");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    service.wait_for(SERVICE_PAUSED);
    EXPECT_EQ(service.control(SERVICE_CONTROL_CONTINUE), 0u);
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.report().values("SvcPause").size(), 1u);
    EXPECT_EQ(service.report().values("SvcContinue").size(), 1u);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, RepeatedPauseAndContinueAreOneEach) {
    TestService service("framework.Pausing");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_CONTINUE), 0u);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    service.wait_for(SERVICE_PAUSED);
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    // A control that Python answers later than all of the above.
    EXPECT_EQ(service.control(200), 0u);
    (void)service.report().wait("SvcOther");
    EXPECT_EQ(service.report().values("SvcPause").size(), 1u);
    EXPECT_FALSE(service.report().has("SvcContinue"));
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_PAUSED));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, PausedServiceCanBeStopped) {
    TestService service("framework.Pausing");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    service.wait_for(SERVICE_PAUSED);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, PauseThatTheClassIgnoresGoesBackToRunning) {
    TestService service("framework.PauseIgnored");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    (void)service.report().wait("SvcPause");
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, PauseThatRaisesGoesBackToRunningWithAnEvent) {
    TestService service("framework.PauseRaises");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    (void)service.report().wait("SvcPause");
    service.wait_for(SERVICE_RUNNING);
    EXPECT_TRUE(logged(service, 0xC000000B, "error", "RuntimeError: no pause today"));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, InterrogateDoesNotEndAPause) {
    TestService service("framework.OwnInterrogate");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    service.wait_for(SERVICE_PAUSED);
    DWORD state = 0;
    EXPECT_EQ(service.control(SERVICE_CONTROL_INTERROGATE, state), 0u);
    EXPECT_EQ(state, static_cast<DWORD>(SERVICE_PAUSED));
    // The class reports RUNNING there; a control behind it shows that this is over.
    (void)service.report().wait("SvcInterrogate");
    EXPECT_EQ(service.control(200), 0u);
    (void)service.report().wait("SvcOther");
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_PAUSED));
    EXPECT_EQ(service.control(SERVICE_CONTROL_CONTINUE), 0u);
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, HandlerThatRaisesIsAnEventAndTheServiceGoesOn) {
    TestService service("framework.ControlRaises");
    service.start();
    EXPECT_EQ(service.control(130), 0u);
    EXPECT_TRUE(logged(service, 0xC000000B, "error", "RuntimeError: control 130 failed"));
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Controls, HandlerThatReturnsNoNumberIsAnEvent) {
    TestService service("framework.ControlReturnsText");
    service.start();
    EXPECT_EQ(service.control(130), 0u);
    EXPECT_TRUE(logged(service, 0xC0002023, "error", "'a text'"));
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
