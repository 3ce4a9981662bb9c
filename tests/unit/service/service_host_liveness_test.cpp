// SPDX-License-Identifier: MIT
// servicemanager.Watchdog, Heartbeat and NotifyReady; StartupMode=notify and FailAs=crash.
#include "tests/unit/service/host_test.hpp"

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using enum State;

class ServiceHostLivenessTest : public HostTest {
protected:
    /// A class that reports RUNNING after it has asked for a watchdog of 10 s; `service_` is its instance then.
    void start_watched(std::uint32_t accepts = accept::kStop, ControlOverride override = {}) {
        engine.on_run([=, this](const ServicePointer& service) {
            service_ = service;
            EXPECT_EQ(service->watch(10s), win32::kNoError);
            return ordinary_class(accepts, override)(service);
        });
        start_and_wait("svc");
    }
    /// A class that is ready before it reports RUNNING: it is running with the report.
    void expect_running_when_reported_after_ready() {
        Gate& go_on = gate("go_on");
        engine.on_run([&](const ServicePointer& service) {
            EXPECT_EQ(service->notify_ready(), win32::kNoError);
            trace.add("ready");
            go_on.wait();
            return ordinary_class()(service);
        });
        start("svc");
        trace.wait_for("ready");
        EXPECT_EQ(states(), std::vector{StartPending});
        go_on.open();
        scm.wait_for("svc", Running);
        stop_and_wait();
    }
    /// The watchdog slept on a longer deadline, or on none: returns when it sleeps on this one.
    void pass(std::chrono::milliseconds time) {
        clock.wait_until_watched(10s);
        clock.pass(time);
    }
    void expect_ended_as(ErrorCode code) {
        process.wait_for_end();
        wait_until_stopped("svc");
        EXPECT_EQ(exit_of(), ExitStatus::service_specific(error_info(code).exit_code));
        EXPECT_EQ(process.codes(), std::vector{error_info(code).exit_code});
        EXPECT_EQ(events.count(code), 1U);
    }

    ServicePointer service_;
};

// ---- the watchdog
// ----------------------------------------------------------------------------------------------------

TEST_F(ServiceHostLivenessTest, AServiceThatIsNotHeardOfFails) {
    start_watched();
    pass(9'999ms);
    EXPECT_FALSE(process.ended());
    clock.advance(1ms);
    expect_ended_as(ErrorCode::WatchdogExpired);
    EXPECT_NE(events.text(ErrorCode::WatchdogExpired).find("in SvcDoRun"), std::string::npos);
    EXPECT_EQ(trace.count("finalize"), 0U) << "its thread hangs";
}

TEST_F(ServiceHostLivenessTest, EachHeartbeatBeginsAPeriod) {
    start_watched();
    for (int i = 0; i < 5; ++i) {
        pass(9s);
        if (i % 2 == 0) {
            service_->heartbeat();
        } else {
            EXPECT_EQ(service_->heartbeat_by_name(), win32::kNoError);
        }
    }
    EXPECT_FALSE(process.ended());
    clock.advance(10s);
    expect_ended_as(ErrorCode::WatchdogExpired);
}

TEST_F(ServiceHostLivenessTest, RunningReportedAgainIsNoHeartbeat) {
    start_watched();
    pass(9s);
    service_->report(Running, accept::kStop);
    clock.advance(1s);
    expect_ended_as(ErrorCode::WatchdogExpired);
}

TEST_F(ServiceHostLivenessTest, AStartIsNotWatchedAndRunningBeginsAPeriod) {
    Gate& watched = gate("watched");
    Gate& go_on = gate("go_on");
    engine.on_run([&](const ServicePointer& service) {
        service->watch(10s);
        watched.open();
        go_on.wait();
        return ordinary_class()(service);
    });
    start("svc");
    watched.wait();
    for (int i = 0; i < 5; ++i) clock.pass(5s);
    EXPECT_FALSE(process.ended());
    go_on.open();
    scm.wait_for("svc", Running);
    clock.pass(9s);
    EXPECT_FALSE(process.ended());
    clock.advance(1s);
    expect_ended_as(ErrorCode::WatchdogExpired);
}

TEST_F(ServiceHostLivenessTest, APauseIsNotWatchedAndTheReturnFromItBeginsAPeriod) {
    start_watched(accept::kStop | accept::kPauseContinue,
                  [](const ServicePointer& service, const FakeControl& control) {
                      if (control.control == control::kPause)
                          service->report(Paused, accept::kStop | accept::kPauseContinue);
                      if (control.control == control::kContinue)
                          service->report(Running, accept::kStop | accept::kPauseContinue);
                      return is_stop_control(control) ? std::nullopt : std::optional(ControlAnswer::returned());
                  });
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    scm.wait_for("svc", Paused);
    for (int i = 0; i < 5; ++i) pass(5s);
    EXPECT_FALSE(process.ended());
    EXPECT_EQ(scm.control("svc", control::kContinue), win32::kNoError);
    scm.wait_until("svc", "RUNNING again", [](const auto& all) { return all.back().state == Running; });
    pass(9s);
    EXPECT_FALSE(process.ended());
    clock.advance(1s);
    expect_ended_as(ErrorCode::WatchdogExpired);
}

TEST_F(ServiceHostLivenessTest, APauseThatFailsBeginsAPeriodToo) {
    Gate& refuse = gate("refuse");
    start_watched(accept::kStop | accept::kPauseContinue,
                  [&](const ServicePointer&, const FakeControl& control) -> std::optional<ControlAnswer> {
                      if (control.control != control::kPause) return std::nullopt;
                      refuse.wait();
                      return ControlAnswer::raised("no");
                  });
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    for (int i = 0; i < 3; ++i) pass(9s);
    refuse.open();
    scm.wait_until("svc", "RUNNING again", [](const auto& all) { return all.back().state == Running; });
    pass(9s);
    EXPECT_FALSE(process.ended());
    stop_and_wait();
}

TEST_F(ServiceHostLivenessTest, AWatchdogCanBeSetAnewAndSwitchedOff) {
    start_watched();
    pass(9s);
    service_->watch(30s);
    clock.pass(29s);
    EXPECT_FALSE(process.ended());
    service_->watch(0s);
    clock.pass(24h);
    EXPECT_FALSE(process.ended());
    stop_and_wait();
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

TEST_F(ServiceHostLivenessTest, AStopHasItsOwnDeadlines) {
    Gate& go_on = gate("go_on");
    start_watched(accept::kStop, [&](const ServicePointer& service, const FakeControl&) {
        service->watch(1s);
        go_on.wait();
        service->stop();
        return std::optional(ControlAnswer::returned());
    });
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("control 1");
    clock.pass(59s);
    EXPECT_FALSE(process.ended());
    EXPECT_TRUE(events.entries().empty());
    go_on.open();
    wait_until_closed();
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

TEST_F(ServiceHostLivenessTest, AServiceOfSeveralIsNamed) {
    table.emplace(ServiceTable::group({"one", "two"}));
    for (const char* name : {"one", "two"}) {
        config.set_class(name, "module.Class");
        start_and_wait(name);
    }
    const pysvc_host_api& api = host().api();
    EXPECT_EQ(api.watch(api.host, view(""), 10'000), win32::kMoreData);
    EXPECT_EQ(api.heartbeat_by_name(api.host, view("")), win32::kMoreData);
    EXPECT_EQ(api.notify_ready(api.host, view("")), win32::kMoreData);
    EXPECT_EQ(api.watch(api.host, view("three"), 10'000), win32::kInvalidName);
    EXPECT_EQ(api.watch(api.host, view("ONE"), 10'000), win32::kNoError);
    clock.wait_until_watched(10s);
    clock.advance(10s);
    // The other one is alive, so it is not the process that ends.
    wait_until_stopped("one");
    EXPECT_EQ(exit_of("one"), ExitStatus::service_specific(error_info(ErrorCode::WatchdogExpired).exit_code));
    EXPECT_FALSE(process.ended());
    EXPECT_EQ(api.watch(api.host, view("one"), 10'000), win32::kInvalidName) << "it has ended";
    EXPECT_EQ(api.watch(api.host, view(""), 0), win32::kNoError) << "only one is left";
    stop_and_wait("two");
}

// ---- StartupMode=notify
// ----------------------------------------------------------------------------------------------

class ServiceHostNotifyTest : public ServiceHostLivenessTest {
protected:
    ServiceHostNotifyTest() { config.set_parameter("svc", "StartupMode", fakes::text_value("notify")); }
};

TEST_F(ServiceHostNotifyTest, RunningWaitsForNotifyReady) {
    Gate& go_on = gate("go_on");
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        service->report(Running, accept::kStop | accept::kPauseContinue);
        trace.add("reported");
        go_on.wait();
        EXPECT_EQ(service->notify_ready(), win32::kNoError);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start("svc");
    trace.wait_for("reported");
    EXPECT_EQ(states(), std::vector{StartPending});
    EXPECT_GT(scm.last("svc").check_point, 1U) << "the report is progress";
    clock.pass(599s);
    go_on.open();
    scm.wait_for("svc", Running);
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop | accept::kPauseContinue | accept::kShutdown);
    clock.pass(24h);
    EXPECT_FALSE(process.ended()) << "StartTimeout is over with the start";
    stop_and_wait();
}

TEST_F(ServiceHostNotifyTest, NotifyReadyMayComeBeforeRunningIsReported) {
    expect_running_when_reported_after_ready();
}

TEST_F(ServiceHostNotifyTest, AServiceThatIsNeverReadyHasNotStartedInTime) {
    engine.on_run(ordinary_class());
    start("svc");
    trace.wait_for("run svc");
    clock.wait_until_watched(600s);
    clock.advance(600s);
    expect_ended_as(ErrorCode::StartTimedOut);
    EXPECT_EQ(states(), (std::vector{StartPending, Stopped}));
}

TEST_F(ServiceHostNotifyTest, AServiceThatIsStoppedFirstIsNeverRunning) {
    engine.on_run([&](const ServicePointer& service) {
        service_ = service;
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        service->report(Running, accept::kStop);
        trace.add("reported");
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start("svc");
    trace.wait_for("reported");
    host().control_all(control::kStop);  // Ctrl+C in debug mode; the SCM knows that it is not accepted yet
    wait_until_closed();
    EXPECT_EQ(service_->notify_ready(), win32::kInvalidName);
    EXPECT_EQ(states(), (std::vector{StartPending, StopPending, Stopped}));
}

TEST_F(ServiceHostNotifyTest, ItIsTheSameInDebugMode) {
    door = PYSVC_DOOR_DEBUG;
    scm.handles_are_zero = true;
    Gate& go_on = gate("go_on");
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        trace.add("before run");
        go_on.wait();
        service->notify_ready();
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start("svc");
    trace.wait_for("before run");
    EXPECT_EQ(states(), std::vector{StartPending});
    go_on.open();
    scm.wait_for("svc", Running);
    stop_and_wait();
}

TEST_F(ServiceHostLivenessTest, NotifyReadyChangesNothingWhereRunningIsForTheClassToSay) {
    expect_running_when_reported_after_ready();
}

// ---- FailAs=crash
// ----------------------------------------------------------------------------------------------------

class ServiceHostFailAsCrashTest : public ServiceHostLivenessTest {
protected:
    ServiceHostFailAsCrashTest() { config.set_parameter("svc", "FailAs", fakes::text_value("crash")); }

    void expect_crash(std::uint32_t code) {
        process.wait_for_end();
        wait_until_closed();
        EXPECT_EQ(process.codes(), std::vector{code});
        EXPECT_NE(states().back(), Stopped);
    }
};

TEST_F(ServiceHostFailAsCrashTest, AnUnaskedFailureLeavesWithoutStoppedAndFinalisesAllTheSame) {
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        return RunAnswer::raised("Traceback");
    });
    start("svc");
    expect_crash(error_info(ErrorCode::RunRaised).exit_code);
    EXPECT_EQ(trace.only({"finalize", "flush C streams", "terminate"}),
              (std::vector<std::string>{"finalize", "flush C streams", "terminate"}));
    EXPECT_EQ(events.count(ErrorCode::RunRaised), 1U);
}

TEST_F(ServiceHostFailAsCrashTest, AStartThatTimesOutIsACrash) {
    engine.on_run(hanging_class());
    config.set_parameter("svc", "StartupMode", fakes::text_value("notify"));
    start("svc");
    trace.wait_for("run svc");
    clock.wait_until_watched(600s);
    clock.advance(600s);
    expect_crash(error_info(ErrorCode::StartTimedOut).exit_code);
}

TEST_F(ServiceHostFailAsCrashTest, AWatchdogThatExpiresIsACrash) {
    start_watched();
    clock.wait_until_watched(10s);
    clock.advance(10s);
    expect_crash(error_info(ErrorCode::WatchdogExpired).exit_code);
}

TEST_F(ServiceHostFailAsCrashTest, ASuccessIsNone) {
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        return RunAnswer::returned();
    });
    start("svc");
    wait_until_closed();
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

TEST_F(ServiceHostFailAsCrashTest, AFailureAfterAStopIsNone) {
    engine.on_run(ordinary_class(accept::kStop, [](const ServicePointer& service, const FakeControl&) {
        service->report(Stopped, 0, ExitStatus::service_specific(7));
        service->stop();
        return std::optional(ControlAnswer::returned());
    }));
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(7));
}

TEST_F(ServiceHostFailAsCrashTest, OtherServicesOfTheProcessGoOn) {
    table.emplace(ServiceTable::group({"svc", "other"}));
    config.set_class("other", "module.Class");
    start_and_wait("other");
    Gate& fail = gate("fail");
    engine.on_run("svc", [&](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        fail.wait();
        return RunAnswer::exited(4);
    });
    start_and_wait("svc");
    fail.open();
    wait_until_stopped("svc");
    EXPECT_EQ(exit_of("svc"), ExitStatus::service_specific(4));
    EXPECT_FALSE(process.ended());
    stop_and_wait("other");
}

}  // namespace
}  // namespace pysvc
