// SPDX-License-Identifier: MIT
// From StartService to STOPPED, and back.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

TEST(Lifecycle, FrameworkClassRunsUntilItIsStopped) {
    TestService service("framework.Service");
    service.start();
    const Process process = service.process();
    const SERVICE_STATUS_PROCESS running = service.status();
    EXPECT_EQ(running.dwServiceType, static_cast<DWORD>(SERVICE_WIN32_OWN_PROCESS));
    EXPECT_EQ(running.dwControlsAccepted, static_cast<DWORD>(SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN));
    EXPECT_EQ(running.dwCheckPoint, 0u);
    EXPECT_EQ(running.dwWaitHint, 0u);
    (void)service.report().wait("SvcDoRun");

    DWORD state = 0;
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP, state), 0u);
    EXPECT_TRUE(state == SERVICE_STOP_PENDING || state == SERVICE_STOPPED) << state;
    EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    EXPECT_EQ(service.report().values("SvcStop").size(), 1u);
    EXPECT_TRUE(service.report().has("ended")) << "STOPPED came before the end of SvcDoRun";
    EXPECT_EQ(process.wait_for_end(), 0u);
    EXPECT_TRUE(logged_nothing(service, "error"));
    EXPECT_TRUE(logged_nothing(service, "warning"));
}

TEST(Lifecycle, StartsAgainAfterStop) {
    TestService service("framework.Service");
    for (int i = 0; i < 2; ++i) {
        service.start();
        EXPECT_EQ(service.stop(), kSuccess);
    }
    EXPECT_EQ(service.report().values("ended").size(), 2u);
}

TEST(Lifecycle, ChangedPythonClassChangesTheNextStart) {
    TestService service("framework.Service");
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_FALSE(service.report().has("Replacement"));
    service.set_class("framework.Replacement");
    service.start();
    (void)service.report().wait("Replacement");
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Lifecycle, ClassWithoutPywin32FrameworkRuns) {
    TestService service("light.Light");
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
}

class WithoutHandler : public ::testing::TestWithParam<const char*> {};

TEST_P(WithoutHandler, RunsAndIsEndedBySystemExit) {
    TestService service(std::string("light.") + GetParam());
    service.set("StopGrace", 100);
    service.start();
    EXPECT_EQ(service.report().wait("args"), "('" + service.name() + "',)");
    (void)service.report().wait("SvcRun");
    EXPECT_TRUE(logged(service, 0xC0000001, "error", "no-control-handler"));
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(service.report().has("left")) << "its finally block did not run";
}

INSTANTIATE_TEST_SUITE_P(Classes, WithoutHandler, ::testing::Values("NoHandler", "RunMethod", "Callable"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Lifecycle, StartCommandLineMayHaveTheServiceOption) {
    TestService service("light.Light");
    const std::wstring image = L'"' + host_executable().native() + L"\" --service";
    ASSERT_TRUE(ChangeServiceConfigW(service.handle(), SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                                     image.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Lifecycle, SecondStartOfARunningServiceIsRefused) {
    TestService service("light.Light");
    service.start();
    EXPECT_EQ(service.try_start(), static_cast<DWORD>(ERROR_SERVICE_ALREADY_RUNNING));
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), static_cast<DWORD>(ERROR_SERVICE_NOT_ACTIVE));
}

TEST(Lifecycle, LogIsInTheProgramDataFolderUnlessToldOtherwise) {
    TestService service("light.Light");
    service.set("LogDirectory", "");
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    const auto folder = path_of(environment_variable("ProgramData")) / L"PythonService" / path_of(service.name());
    EXPECT_TRUE(std::filesystem::exists(folder / path_of(service.name() + ".log")));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace pysvc::test
