// SPDX-License-Identifier: MIT
// Many services in one process of python.exe: PrepareToHostMultiple of a script that hosts them itself.
#include "tests/scm/fake_scm.hpp"
#include "tests/scm/harness/self_hosting.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace pysvc::test {
namespace {

class FakeScmSelfHosted : public ::testing::Test {
protected:
    /// python.exe hosts `count` services and none has started.
    void launch(int count, const std::string& how = "multiple") {
        std::vector<std::string> names;
        for (int i = 0; i < count; ++i) {
            TestService& service = services_.emplace_back("", "." + std::to_string(i));
            service.set_shared();
            names.push_back(service.name());
        }
        scm_.launch_line(self_hosting_line(report(), how, names));
    }
    const Report& report() { return services_.front().report(); }
    void start(TestService& service) {
        ASSERT_EQ(scm_.start(service.name()), 0u);
        ASSERT_TRUE(wait_until([&] { return service.state() == SERVICE_RUNNING; })) << service.state();
    }
    void stop(TestService& service) {
        EXPECT_EQ(scm_.control(service.name(), SERVICE_CONTROL_STOP), 0u);
        EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    }
    void expect_end() {
        EXPECT_EQ(scm_.wait_for_end(), 0u);
        EXPECT_EQ(report().values("dispatcher returned").size(), 1u);
    }

    FakeScm scm_;
    std::deque<TestService> services_;
};

TEST_F(FakeScmSelfHosted, TheFirstHasTheMainThreadAndTheScriptGoesOnAfterTheLast) {
    launch(2);
    for (TestService& service : services_) start(service);
    EXPECT_EQ(report().wait(services_[0].name() + ":main thread"), "True");
    EXPECT_EQ(report().wait(services_[1].name() + ":main thread"), "False");
    EXPECT_EQ(report().wait(services_[0].name() + ":process"), report().wait(services_[1].name() + ":process"));
    stop(services_[0]);
    EXPECT_EQ(services_[1].state(), static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_FALSE(report().has("dispatcher returned"));
    stop(services_[1]);
    expect_end();
}

TEST_F(FakeScmSelfHosted, OneStartsAgainWhileTheOtherRuns) {
    launch(2);
    for (TestService& service : services_) start(service);
    for (int i = 0; i < 10; ++i) {
        stop(services_[1]);
        start(services_[1]);
    }
    report().wait_for_count(services_[1].name() + ":args", 11);
    // py-main is free again: the next run of the first one is there once more.
    stop(services_[0]);
    start(services_[0]);
    report().wait_for_count(services_[0].name() + ":main thread", 2);
    EXPECT_EQ(report().values(services_[0].name() + ":main thread").back(), "True");
    stop(services_[0]);
    stop(services_[1]);
    expect_end();
}

TEST_F(FakeScmSelfHosted, AHundredRunInOneProcess) {
    launch(100);
    for (TestService& service : services_) start(service);
    std::set<std::string> processes;
    for (const TestService& service : services_) processes.insert(report().wait(service.name() + ":process"));
    EXPECT_EQ(processes.size(), 1u);
    for (TestService& service : services_) {
        EXPECT_EQ(scm_.control(service.name(), 130), 0u);
        (void)report().wait(service.name() + ":control-130");
        stop(service);
    }
    expect_end();
}

TEST_F(FakeScmSelfHosted, TheProcessEndsAlthoughTheScriptsThreadHangs) {
    launch(2, "first-hangs");
    services_[0].set("StopKillTimeout", 1'000);
    for (TestService& service : services_) start(service);
    EXPECT_EQ(scm_.control(services_[0].name(), SERVICE_CONTROL_STOP), 0u);
    EXPECT_EQ(services_[0].wait_for_stopped(), (Ended{0, 0x20002043}));
    EXPECT_EQ(services_[1].state(), static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(scm_.control(services_[1].name(), 130), 0u);
    (void)report().wait(services_[1].name() + ":control-130");
    stop(services_[1]);
    EXPECT_EQ(scm_.wait_for_end(), 0u);
    EXPECT_FALSE(report().has("dispatcher returned"));
}

}  // namespace
}  // namespace pysvc::test
