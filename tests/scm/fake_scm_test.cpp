// SPDX-License-Identifier: MIT
// Controls that no program may send, what the control handler answers, and several services in one process.
#include "tests/scm/fake_scm.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <dbt.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pysvc::test {
namespace {

constexpr char kGroups[] = R"(SOFTWARE\PythonService\Groups)";
constexpr char kGroup[] = "PySvcTest group";
constexpr DWORD kPreshutdown = 15;
constexpr DWORD kTimeChange = 16;
constexpr DWORD kTriggerEvent = 32;

/// Under a fake SCM nobody sets START_PENDING before the service does: STOPPED may just be what was before.
void wait_for(const TestService& service, DWORD state) {
    ASSERT_TRUE(wait_until([&] { return service.state() == state; })) << "state " << service.state();
}

void expect_end(const TestService& service, const Ended& expected) {
    EXPECT_TRUE(wait_until([&] {
        const SERVICE_STATUS_PROCESS now = service.status();
        return now.dwCurrentState == SERVICE_STOPPED &&
               Ended{now.dwWin32ExitCode, now.dwServiceSpecificExitCode} == expected;
    })) << service.status().dwWin32ExitCode << " and " << service.status().dwServiceSpecificExitCode << ", not " << expected;
}

/// A process of one service.
class FakeScmControls : public ::testing::Test {
protected:
    void start(const std::string& class_name) {
        service_ = std::make_unique<TestService>("group." + class_name);
        scm_.launch("--service");
        ASSERT_EQ(scm_.start(name(), {"an argument"}), 0u);
        wait_for(*service_, SERVICE_RUNNING);
    }
    void end(DWORD code = SERVICE_CONTROL_STOP) {
        EXPECT_EQ(scm_.control(name(), code), 0u);
        EXPECT_EQ(service_->wait_for_stopped(), kSuccess);
        EXPECT_EQ(scm_.wait_for_end(), 0u);
    }
    [[nodiscard]] const std::string& name() const { return service_->name(); }
    std::string told(const std::string& what) { return service_->report().wait(name() + ":" + what); }

    FakeScm scm_;
    std::unique_ptr<TestService> service_;
};

TEST_F(FakeScmControls, ServiceRunsAndStops) {
    start("Member");
    EXPECT_EQ(told("args"), "('" + name() + "', 'an argument')");
    end();
}

TEST_F(FakeScmControls, ShutdownReachesAClassThatTakesIt) {
    start("Member");
    end(SERVICE_CONTROL_SHUTDOWN);
    EXPECT_EQ(told("control-5"), "(0, None)");
}

TEST_F(FakeScmControls, ShutdownReachesAClassThatTakesOnlyStopAsStop) {
    start("StopOnly");
    EXPECT_EQ(service_->status().dwControlsAccepted, static_cast<DWORD>(SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN));
    end(SERVICE_CONTROL_SHUTDOWN);
    EXPECT_EQ(told("control-1"), "(0, None)");
}

TEST_F(FakeScmControls, PreshutdownStopsTheService) {
    start("Member");
    end(kPreshutdown);
    EXPECT_EQ(told("control-15"), "(0, None)");
}

/// POWERBROADCAST_SETTING as bytes.
std::string power_setting() { return bytes_of(GUID{}) + bytes_of(DWORD{4}) + "data"; }

TEST_F(FakeScmControls, EveryOneThatOnlyWindowsMaySendArrivesWithItsData) {
    start("Member");
    struct Row {
        DWORD code;
        std::string data;
        std::string told;  ///< what the class is told; nothing: it is an address
    };
    const Row rows[] = {
        {6, "", "(0, None)"},
        {7, "", "(0, None)"},
        {8, "", "(0, None)"},
        {9, "", "(0, None)"},
        {10, "", "(0, None)"},
        {SERVICE_CONTROL_DEVICEEVENT, bytes_of(DEV_BROADCAST_HDR{sizeof(DEV_BROADCAST_HDR), 5, 0}), ""},
        {SERVICE_CONTROL_HARDWAREPROFILECHANGE, "", "(0, None)"},
        // Its data needs an event type, which Wine does not send.
        {SERVICE_CONTROL_POWEREVENT, power_setting(), "(0, None)"},
        {SERVICE_CONTROL_SESSIONCHANGE, bytes_of(WTSSESSION_NOTIFICATION{sizeof(WTSSESSION_NOTIFICATION), 7}),
         "(0, (7,))"},
        {kTimeChange, std::string(16, 't'), "(0, None)"},
        {17, "", "(0, None)"},
        {kTriggerEvent, "", "(0, None)"},
        {96, "", "(0, None)"},
        {97, "", "(0, None)"},
        {128, "some bytes", "(0, None)"},
        {255, "", "(0, None)"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.code);
        EXPECT_EQ(scm_.control(name(), row.code, row.data), 0u);
        const std::string got = told("control-" + std::to_string(row.code));
        if (!row.told.empty()) {
            EXPECT_EQ(got, row.told);
        } else {
            EXPECT_NE(got, "(0, 0)");
            EXPECT_NE(got, "(0, None)");
        }
    }
    end();
}

TEST_F(FakeScmControls, SizesThatCannotBeTrueAreNotBelieved) {
    start("Member");
    struct Row {
        DWORD code;
        std::string data;
        std::string told;
    };
    const Row rows[] = {
        {SERVICE_CONTROL_DEVICEEVENT, bytes_of(DEV_BROADCAST_HDR{0xFFFFFFFF, 5, 0}), "(0, 0)"},
        {SERVICE_CONTROL_DEVICEEVENT, bytes_of(DEV_BROADCAST_HDR{4, 5, 0}), "(0, 0)"},
        {SERVICE_CONTROL_DEVICEEVENT, "", "(0, 0)"},
        {SERVICE_CONTROL_SESSIONCHANGE, bytes_of(WTSSESSION_NOTIFICATION{0xFFFFFFFF, 7}), "(0, None)"},
        {SERVICE_CONTROL_SESSIONCHANGE, bytes_of(WTSSESSION_NOTIFICATION{4, 7}), "(0, None)"},
        {SERVICE_CONTROL_SESSIONCHANGE, "", "(0, None)"},
    };
    std::map<DWORD, std::vector<std::string>> expected;
    for (const Row& row : rows) {
        SCOPED_TRACE(row.code);
        EXPECT_EQ(scm_.control(name(), row.code, row.data), 0u);
        expected[row.code].push_back(row.told);
        service_->report().wait_for_count(name() + ":control-" + std::to_string(row.code), expected[row.code].size());
    }
    for (const auto& [code, told] : expected) {
        EXPECT_EQ(service_->report().values(name() + ":control-" + std::to_string(code)), told);
    }
    end();
}

TEST_F(FakeScmControls, TheAnswerIsTheClassesWhereWindowsAsks) {
    start("Answering");
    const DEV_BROADCAST_HDR device{sizeof device, DBT_DEVTYP_DEVICEINTERFACE, 0};
    EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_DEVICEEVENT, bytes_of(device)),
              static_cast<DWORD>(BROADCAST_QUERY_DENY));
    EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_HARDWAREPROFILECHANGE), 12u);
    EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_POWEREVENT), 13u);
    for (const DWORD code : {6u, 7u, 8u, 9u, 10u, 14u, 16u, 17u, 32u, 96u, 97u, 128u, 255u}) {
        EXPECT_EQ(scm_.control(name(), code), 0u) << "control " << code;
        EXPECT_EQ(told("control-" + std::to_string(code)), "(0, None)");
    }
    end();
}

TEST_F(FakeScmControls, ControlReplyWaitBringsTheAnswerOfTheClass) {
    service_ = std::make_unique<TestService>("group.Answering");
    service_->set("ControlReplyWait", 20'000);
    scm_.launch("--service");
    ASSERT_EQ(scm_.start(name()), 0u);
    wait_for(*service_, SERVICE_RUNNING);
    EXPECT_EQ(scm_.control(name(), 128), 128u);
    EXPECT_EQ(scm_.control(name(), 200), 200u);
    end();
}

TEST_F(FakeScmControls, TriggerWhileStoppingIsSentBack) {
    start("SlowToStop");
    EXPECT_EQ(scm_.control(name(), kTriggerEvent), 0u);
    EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_STOP), 0u);
    EXPECT_EQ(scm_.control(name(), kTriggerEvent), static_cast<DWORD>(ERROR_SHUTDOWN_IN_PROGRESS));
    service_->report().permit(name() + "-end");
    EXPECT_EQ(service_->wait_for_stopped(), kSuccess);
    EXPECT_EQ(service_->report().values(name() + ":control-32").size(), 1u);
}

TEST_F(FakeScmControls, RepeatedStopIsOneStop) {
    start("SlowToStop");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_STOP), 0u);
    EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_SHUTDOWN), 0u);
    service_->report().permit(name() + "-end");
    EXPECT_EQ(service_->wait_for_stopped(), kSuccess);
    EXPECT_EQ(service_->report().values(name() + ":control-1").size(), 1u);
    EXPECT_FALSE(service_->report().has(name() + ":control-5"));
}

TEST_F(FakeScmControls, OfAServiceThatIsStartingDoNotDisturbIt) {
    service_ = std::make_unique<TestService>("light.StopBeforeRunning");
    scm_.launch("--service");
    ASSERT_EQ(scm_.start(name()), 0u);
    wait_for(*service_, SERVICE_START_PENDING);
    EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_INTERROGATE), 0u);
    (void)service_->report().wait("starting");
    EXPECT_EQ(scm_.control(name(), SERVICE_CONTROL_STOP), 0u);
    (void)service_->report().wait("reported RUNNING");
    service_->report().permit("end");
    EXPECT_EQ(service_->wait_for_stopped(), kSuccess);
    EXPECT_EQ(scm_.wait_for_end(), 0u);
}

/// Two services in one process.
class FakeScmGroup : public ::testing::Test {
protected:
    void prepare(const std::string& first_class, const std::string& second_class, bool both_in_group = true) {
        first_ = std::make_unique<TestService>("group." + first_class, ".first");
        second_ = std::make_unique<TestService>("group." + second_class, ".second");
        first_->set_shared();
        second_->set_shared();
        std::vector<std::string> names = {first_->name()};
        if (both_in_group) names.push_back(second_->name());
        registry::write_texts(kGroups, kGroup, names);
        scm_.launch(std::string("--service --group \"") + kGroup + '"');
    }
    void TearDown() override { registry::remove(kGroups); }

    void start(const TestService& service) {
        ASSERT_EQ(scm_.start(service.name()), 0u);
        wait_for(service, SERVICE_RUNNING);
    }
    void stop(TestService& service) {
        EXPECT_EQ(scm_.control(service.name(), SERVICE_CONTROL_STOP), 0u);
        EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    }
    /// All services of the process share its environment, and so the report of the first that started.
    std::string told(const TestService& service, const std::string& what) {
        return first_->report().wait(service.name() + ":" + what);
    }

    FakeScm scm_;
    std::unique_ptr<TestService> first_;
    std::unique_ptr<TestService> second_;
};

TEST_F(FakeScmGroup, BothRunInOneProcess) {
    prepare("Member", "Member");
    start(*first_);
    start(*second_);
    EXPECT_EQ(told(*first_, "process"), told(*second_, "process"));
    EXPECT_EQ(told(*first_, "main thread"), "True");
    EXPECT_EQ(told(*second_, "main thread"), "False");
    stop(*first_);
    EXPECT_TRUE(scm_.is_running());
    EXPECT_EQ(second_->state(), static_cast<DWORD>(SERVICE_RUNNING));
    stop(*second_);
    EXPECT_EQ(scm_.wait_for_end(), 0u);
}

TEST_F(FakeScmGroup, OneStartsAgainWhileTheOtherRuns) {
    prepare("Member", "Member");
    start(*first_);
    start(*second_);
    for (int i = 0; i < 3; ++i) {
        stop(*first_);
        start(*first_);
    }
    first_->report().wait_for_count(first_->name() + ":args", 4);
    EXPECT_EQ(first_->report().values(second_->name() + ":args").size(), 1u);
    stop(*first_);
    stop(*second_);
    EXPECT_EQ(scm_.wait_for_end(), 0u);
}

TEST_F(FakeScmGroup, ControlOfAServiceThatIsGoneIsRefused) {
    prepare("Member", "Member");
    start(*first_);
    start(*second_);
    stop(*first_);
    EXPECT_EQ(scm_.control(first_->name(), 130), static_cast<DWORD>(ERROR_SERVICE_CANNOT_ACCEPT_CTRL));
    EXPECT_EQ(scm_.control(first_->name(), SERVICE_CONTROL_STOP), static_cast<DWORD>(ERROR_SERVICE_CANNOT_ACCEPT_CTRL));
    EXPECT_EQ(scm_.control(second_->name(), 130), 0u);
    EXPECT_EQ(told(*second_, "control-130"), "(0, None)");
    stop(*second_);
}

TEST_F(FakeScmGroup, StartWhileTheProcessIsClosingIsSentBack) {
    prepare("SlowToFinalize", "Member");
    start(*first_);
    EXPECT_EQ(scm_.control(first_->name(), SERVICE_CONTROL_STOP), 0u);
    (void)told(*first_, "finalizing");
    EXPECT_EQ(first_->state(), static_cast<DWORD>(SERVICE_STOP_PENDING));
    EXPECT_EQ(scm_.start(second_->name()), 0u);
    expect_end(*second_, Ended{ERROR_SHUTDOWN_IN_PROGRESS, 0});
    EXPECT_EQ(scm_.control(first_->name(), 130), static_cast<DWORD>(ERROR_SERVICE_CANNOT_ACCEPT_CTRL));
    EXPECT_EQ(scm_.control(first_->name(), kTriggerEvent), static_cast<DWORD>(ERROR_SHUTDOWN_IN_PROGRESS));
    first_->report().permit("finalize");
    EXPECT_EQ(first_->wait_for_stopped(), kSuccess);
    EXPECT_EQ(scm_.wait_for_end(), 0u);
    EXPECT_TRUE(logged(*first_, 0x80002047, "warning", second_->name()));
}

TEST_F(FakeScmGroup, NameThatNobodyPreparedIsStoppedWithItsEvent) {
    prepare("Member", "Member", false);
    ASSERT_EQ(scm_.start(second_->name()), 0u);
    expect_end(*second_, specific(1));
    EXPECT_TRUE(logged(*second_, 0xC0000006, "error", second_->name()));
    scm_.wait_for_end();
}

TEST_F(FakeScmGroup, OneFailsAndTheOtherRunsOn) {
    prepare("Member", "Member");
    second_->set_class("import_raises.Service");
    start(*first_);
    ASSERT_EQ(scm_.start(second_->name()), 0u);
    expect_end(*second_, specific(1));
    EXPECT_EQ(first_->state(), static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_TRUE(logged(*first_, 0xC0002012, "error", second_->name()));
    stop(*first_);
    EXPECT_EQ(scm_.wait_for_end(), 0u);
}

TEST_F(FakeScmGroup, OneThatHangsIsGivenUpAndItsRestartRefused) {
    prepare("Member", "Member");
    second_->set_class("group.SlowToStop");
    second_->set("StopKillTimeout", 1'000);
    start(*first_);
    start(*second_);
    EXPECT_EQ(scm_.control(second_->name(), SERVICE_CONTROL_STOP), 0u);
    expect_end(*second_, Ended{0, 0x20002043});
    EXPECT_EQ(first_->state(), static_cast<DWORD>(SERVICE_RUNNING));
    ASSERT_EQ(scm_.start(second_->name()), 0u);
    EXPECT_TRUE(logged(*first_, 0xC0002046, "error", second_->name()));
    expect_end(*second_, specific(0x20002046));
    stop(*first_);
    scm_.wait_for_end();
}

TEST_F(FakeScmGroup, HostedCodeKnowsItIsShared) {
    prepare("Asking", "Member");
    start(*first_);
    EXPECT_EQ(first_->report().values(first_->name() + ":register"),
              (std::vector<std::string>{"'ValueError'", "'accepted'"}));
    EXPECT_EQ(told(*first_, "single"), "'startup_error'");
    EXPECT_EQ(told(*first_, "multiple"), "'startup_error'");
    stop(*first_);
    EXPECT_EQ(scm_.wait_for_end(), 0u);
}

}  // namespace
}  // namespace pysvc::test
