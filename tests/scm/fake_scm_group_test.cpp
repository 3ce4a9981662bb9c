// SPDX-License-Identifier: MIT
// Many services in one process: those that `install --group` made, with no code of a user's, and a hundred.
#include "tests/scm/fake_scm.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/installed_group.hpp"
#include "tests/scm/harness/open_handles.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/service_status.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace pysvc::test {
namespace {

constexpr int kMany = 100;

/// Started by hand, so the SCM did not set START_PENDING: a state is waited for in any case.
template <class State>
void wait_for(const State& state, DWORD wanted) {
    ASSERT_TRUE(wait_until([&] { return state() == wanted; })) << "state " << state();
}

TEST(FakeScmInstalledGroup, LivesInOneProcess) {
    FakeScm scm;
    InstalledGroup services({"PySvcTest member 1", "PySvcTest member 2", "PySvcTest member 3"});
    for (const std::string& name : services.names()) {
        const auto installed = services.install(name, {"--group", "PySvcTest installed"});
        ASSERT_EQ(installed.code, 0u) << installed.output;
    }
    // What the SCM starts for the first of them, and for nobody else.
    scm.launch_line(services.image_path(services.names().front()));
    const auto start = [&](const std::string& name) {
        ASSERT_EQ(scm.start(name), 0u);
        wait_for([&] { return service_status(name).dwCurrentState; }, SERVICE_RUNNING);
    };
    const auto stop = [&](const std::string& name) {
        EXPECT_EQ(scm.control(name, SERVICE_CONTROL_STOP), 0u);
        wait_for([&] { return service_status(name).dwCurrentState; }, SERVICE_STOPPED);
        EXPECT_EQ(service_status(name).dwWin32ExitCode, 0u);
    };
    for (const std::string& name : services.names()) start(name);
    for (const std::string& name : services.names()) {
        stop(name);
        start(name);
    }
    std::set<std::string> processes;
    for (const std::string& line : services.seen()) processes.insert(line.substr(line.rfind(' ')));
    EXPECT_EQ(services.seen().size(), 6u);
    EXPECT_EQ(processes.size(), 1u);
    for (const std::string& name : services.names()) stop(name);
    EXPECT_EQ(scm.wait_for_end(), 0u);
}

TEST(FakeScmInstalledGroup, AHundredServicesLiveInOneProcess) {
    FakeScm scm;
    std::deque<TestService> services;
    std::vector<std::string> names;
    for (int i = 0; i < kMany; ++i) {
        TestService& service = services.emplace_back("group.Member", "." + std::to_string(i));
        service.set_shared();
        names.push_back(service.name());
    }
    registry::write_texts(kGroupsKey, "PySvcTest many", names);
    scm.launch("--service --group \"PySvcTest many\"");
    for (TestService& service : services) {
        ASSERT_EQ(scm.start(service.name()), 0u);
        wait_for([&] { return service.state(); }, SERVICE_RUNNING);
    }
    const Report& report = services.front().report();
    std::set<std::string> processes;
    for (const std::string& name : names) processes.insert(report.wait(name + ":process"));
    EXPECT_EQ(processes.size(), 1u);

    // Each gets its own controls, and each stops while all others run.
    for (TestService& service : services) {
        EXPECT_EQ(scm.control(service.name(), 130), 0u);
        (void)report.wait(service.name() + ":control-130");
        EXPECT_EQ(scm.control(service.name(), SERVICE_CONTROL_STOP), 0u);
        EXPECT_EQ(service.wait_for_stopped(), kSuccess);
        if (&service == &services.back()) break;
        ASSERT_TRUE(scm.is_running());
        ASSERT_EQ(services.back().state(), static_cast<DWORD>(SERVICE_RUNNING));
        EXPECT_EQ(scm.control(service.name(), 130), static_cast<DWORD>(ERROR_SERVICE_CANNOT_ACCEPT_CTRL));
    }
    EXPECT_EQ(scm.wait_for_end(), 0u);
    for (const std::string& name : names) EXPECT_EQ(report.values(name + ":control-130").size(), 1u) << name;
    registry::remove(kGroupsKey);
}

TEST(FakeScmInstalledGroup, RestartsLeaveNothingBehind) {
    FakeScm scm;
    TestService stays("group.Member", ".stays");
    TestService again("group.Member", ".again");
    for (TestService* service : {&stays, &again}) service->set_shared();
    registry::write_texts(kGroupsKey, "PySvcTest restarts", {stays.name(), again.name()});
    scm.launch("--service --group \"PySvcTest restarts\"");
    const auto start = [&](TestService& service) {
        ASSERT_EQ(scm.start(service.name()), 0u);
        wait_for([&] { return service.state(); }, SERVICE_RUNNING);
    };
    const auto restart = [&](int times) {
        for (int i = 0; i < times && !::testing::Test::HasFailure(); ++i) {
            EXPECT_EQ(scm.control(again.name(), SERVICE_CONTROL_STOP), 0u);
            EXPECT_EQ(again.wait_for_stopped(), kSuccess);
            start(again);
        }
    };
    start(stays);
    start(again);
    restart(10);
    const DWORD process = static_cast<DWORD>(std::stoul(stays.report().wait(stays.name() + ":process")));
    const std::size_t before = open_handles(process);
    restart(100);
    // Some come and go with the threads that just end.
    EXPECT_LE(open_handles(process), before + 20);
    for (TestService* service : {&again, &stays}) {
        EXPECT_EQ(scm.control(service->name(), SERVICE_CONTROL_STOP), 0u);
        EXPECT_EQ(service->wait_for_stopped(), kSuccess);
    }
    EXPECT_EQ(scm.wait_for_end(), 0u);
    registry::remove(kGroupsKey);
}

/// In SvcRun after the stop, or in SvcStop itself.
class FakeScmHangingMember : public ::testing::TestWithParam<const char*> {};

TEST_P(FakeScmHangingMember, DoesNotKeepTheOthersFromStopping) {
    FakeScm scm;
    TestService first("group.Member", ".first");
    TestService hanging(std::string("group.") + GetParam(), ".hanging");
    TestService last("group.Member", ".last");
    hanging.set("StopKillTimeout", 1'000);
    const std::vector<TestService*> services = {&first, &hanging, &last};
    std::vector<std::string> names;
    for (TestService* service : services) {
        service->set_shared();
        names.push_back(service->name());
    }
    registry::write_texts(kGroupsKey, "PySvcTest hang", names);
    scm.launch("--service --group \"PySvcTest hang\"");
    for (TestService* service : services) {
        ASSERT_EQ(scm.start(service->name()), 0u);
        wait_for([&] { return service->state(); }, SERVICE_RUNNING);
    }
    EXPECT_EQ(scm.control(hanging.name(), SERVICE_CONTROL_STOP), 0u);
    // While it hangs, the others are controlled and stop.
    EXPECT_EQ(scm.control(first.name(), 130), 0u);
    (void)first.report().wait(first.name() + ":control-130");
    EXPECT_EQ(scm.control(first.name(), SERVICE_CONTROL_STOP), 0u);
    EXPECT_EQ(first.wait_for_stopped(), kSuccess);
    EXPECT_EQ(hanging.wait_for_stopped(), (Ended{0, 0x20002043}));
    EXPECT_EQ(last.state(), static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(scm.control(last.name(), SERVICE_CONTROL_STOP), 0u);
    EXPECT_EQ(last.wait_for_stopped(), kSuccess);
    EXPECT_EQ(scm.wait_for_end(), 0u);
    registry::remove(kGroupsKey);
}

INSTANTIATE_TEST_SUITE_P(Classes, FakeScmHangingMember, ::testing::Values("SlowToStop", "HangsInStop"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace pysvc::test
