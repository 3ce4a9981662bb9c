// SPDX-License-Identifier: MIT
// Controls of a running service.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

namespace pysvc::test {
namespace {

TEST(Controls, EveryOneThatAProgramMaySendArrivesWhereItIsAccepted) {
    TestService service("group.Obedient");
    service.start();
    struct Row {
        DWORD code;
        DWORD state;  ///< what the service is in then
    };
    std::size_t interrogations = 0;
    for (const Row& row : {Row{SERVICE_CONTROL_INTERROGATE, SERVICE_RUNNING},
                           {SERVICE_CONTROL_PAUSE, SERVICE_PAUSED},
                           {SERVICE_CONTROL_INTERROGATE, SERVICE_PAUSED},
                           {SERVICE_CONTROL_CONTINUE, SERVICE_RUNNING},
                           {SERVICE_CONTROL_PARAMCHANGE, SERVICE_RUNNING},
                           {SERVICE_CONTROL_NETBINDADD, SERVICE_RUNNING},
                           {SERVICE_CONTROL_NETBINDREMOVE, SERVICE_RUNNING},
                           {SERVICE_CONTROL_NETBINDENABLE, SERVICE_RUNNING},
                           {SERVICE_CONTROL_NETBINDDISABLE, SERVICE_RUNNING},
                           {128, SERVICE_RUNNING},
                           {200, SERVICE_RUNNING},
                           {255, SERVICE_RUNNING}}) {
        SCOPED_TRACE(row.code);
        EXPECT_EQ(service.control(row.code), 0u);
        const std::size_t times = row.code == SERVICE_CONTROL_INTERROGATE ? ++interrogations : 1;
        const std::string key = service.name() + ":control-" + std::to_string(row.code);
        service.report().wait_for_count(key, times);
        EXPECT_EQ(service.report().values(key).back(), "(0, None)");
        service.wait_for(row.state);
    }
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().values(service.name() + ":control-1"), (std::vector<std::string>{"(0, None)"}));
}

/// Controls that a class has to accept, those it gets in any case, and those that only Windows may send.
constexpr DWORD kAcceptable[] = {2, 3, 6, 7, 8, 9, 10};
constexpr DWORD kUserDefined[] = {128, 200, 255};
constexpr DWORD kReserved[] = {0, 5, 11, 12, 13, 14, 15, 16, 17, 32, 64, 96, 97, 127, 256, 0xFFFFFFFF};

void expect_refused(TestService& service, std::span<const DWORD> codes, DWORD error) {
    for (const DWORD code : codes) EXPECT_EQ(service.control(code), error) << "control " << code;
}

TEST(Controls, EveryOneThatIsNotAcceptedIsRefused) {
    TestService service("group.StopOnly");
    service.start();
    expect_refused(service, kAcceptable, ERROR_INVALID_SERVICE_CONTROL);
    expect_refused(service, kReserved, ERROR_INVALID_PARAMETER);
    expect_refused(service, kUserDefined, NO_ERROR);
    EXPECT_EQ(service.stop(), kSuccess);
    expect_refused(service, kAcceptable, ERROR_SERVICE_NOT_ACTIVE);
    expect_refused(service, kUserDefined, ERROR_SERVICE_NOT_ACTIVE);
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), static_cast<DWORD>(ERROR_SERVICE_NOT_ACTIVE));
    for (const DWORD code : kAcceptable)
        EXPECT_FALSE(service.report().has(service.name() + ":control-" + std::to_string(code)));
}

TEST(Controls, EveryOneIsRefusedWhileTheServiceStartsOrStops) {
    TestService starting("group.SlowToStart", " starting");
    EXPECT_EQ(starting.try_start(), 0u);
    (void)starting.report().wait(starting.name() + ":starting");
    expect_refused(starting, kAcceptable, ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
    expect_refused(starting, kUserDefined, ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
    starting.report().permit(starting.name() + "-run");
    starting.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(starting.stop(), kSuccess);

    TestService stopping("group.SlowToStop", " stopping");
    stopping.start();
    EXPECT_EQ(stopping.control(SERVICE_CONTROL_STOP), 0u);
    expect_refused(stopping, kAcceptable, ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
    expect_refused(stopping, kUserDefined, ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
    stopping.report().permit(stopping.name() + "-end");
    EXPECT_EQ(stopping.wait_for_stopped(), kSuccess);
}

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
    EXPECT_TRUE(logged(service, 0xC000000B, "error", "'a text'"));
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
