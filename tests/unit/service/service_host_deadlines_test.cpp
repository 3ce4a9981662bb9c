// SPDX-License-Identifier: MIT
// Deadlines: what the watchdog does when a start, a stop, a grace or a
// finalisation takes too long.
#include "tests/unit/service/host_test.hpp"

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using enum State;

/// SvcStop that does nothing, in a class whose main loop ends by nothing at
/// all.
RunScript hanging_class(std::uint32_t accepts = accept::kStop) {
    return [=](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accepts);
        service->hang();
        return RunAnswer::returned();
    };
}

class ServiceHostDeadlinesTest : public HostTest {
protected:
    /// SystemExit that C code never lets through.
    void ignore_system_exit() {
        engine.on_raise_system_exit = [](FakeService&) { return true; };
    }
    void expect_stacks_in(ErrorCode code) {
        EXPECT_NE(events.text(code).find("in SvcDoRun"), std::string::npos) << events.text(code);
    }
};

// ---- start
// ----------------------------------------------------------------------------------------------------------

TEST_F(ServiceHostDeadlinesTest, ASlowStartIsOneWarningWithStacksAndNothingElse) {
    Gate& go_on = start_held();
    clock.pass(59s);
    EXPECT_EQ(events.count(ErrorCode::StartSlow), 0U);
    clock.advance(1s);
    events.wait_for(ErrorCode::StartSlow);
    expect_stacks_in(ErrorCode::StartSlow);
    clock.pass(300s);
    EXPECT_EQ(events.count(ErrorCode::StartSlow), 1U);
    EXPECT_FALSE(process.ended());
    go_on.open();
    scm.wait_for("svc", Running);
    stop_and_wait();
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

TEST_F(ServiceHostDeadlinesTest, AnImportPutsTheWarningOff) {
    Gate& go_on = start_held();
    for (int i = 0; i < 9; ++i) {
        host().api().progress(host().api().host, nullptr, PYSVC_PROGRESS_IMPORT);
        clock.pass(59s);
    }
    EXPECT_EQ(events.count(ErrorCode::StartSlow), 0U);
    go_on.open();
    scm.wait_for("svc", Running);
    stop_and_wait();
}

TEST_F(ServiceHostDeadlinesTest, AStartThatDoesNotEndIsEndedWithTheStallCode) {
    config.set_parameter("svc", "StartTimeout", fakes::number_value(120'000));
    engine.on_run([](const ServicePointer& service) {
        service->hang();
        return RunAnswer::returned();
    });
    start("svc");
    trace.wait_for("run svc");
    clock.pass(119s);
    EXPECT_FALSE(process.ended());
    clock.advance(1s);
    process.wait_for_end();
    wait_until_stopped("svc");
    const auto code = error_info(ErrorCode::StartTimedOut).exit_code;
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(code));
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{code});
    EXPECT_EQ(states(), (std::vector{StartPending, Stopped}));
    expect_stacks_in(ErrorCode::StartTimedOut);
    EXPECT_EQ(trace.count("finalize"), 0U);
}

TEST_F(ServiceHostDeadlinesTest, AnEngineThatDoesNotStartInTimeIsEndedToo) {
    Gate& go_on = gate("go_on");
    engine.on_start = [&](const auto&) -> Result<void> {
        go_on.wait();
        return {};
    };
    start("svc");
    trace.wait_for("start interpreter");
    clock.advance(600s);
    process.wait_for_end();
    wait_until_stopped("svc");
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(error_info(ErrorCode::StartTimedOut).exit_code));
    go_on.open();
}

TEST_F(ServiceHostDeadlinesTest, ARunningServiceHasNoDeadline) {
    start_and_wait("svc");
    clock.pass(std::chrono::hours(24 * 365));
    EXPECT_TRUE(events.entries().empty());
    EXPECT_FALSE(process.ended());
    stop_and_wait();
}

// ---- stop
// -----------------------------------------------------------------------------------------------------------

TEST_F(ServiceHostDeadlinesTest, AStopThatHangsIsAWarningThenTheEndWithoutAFailure) {
    engine.on_run(hanging_class());
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(scm.last("svc").wait_hint, 180s);
    clock.pass(59s);
    EXPECT_TRUE(events.entries().empty());
    clock.advance(1s);
    events.wait_for(ErrorCode::StopSlow);
    expect_stacks_in(ErrorCode::StopSlow);
    clock.pass(119s);
    EXPECT_FALSE(process.ended());
    clock.advance(1s);
    process.wait_for_end();
    wait_until_stopped("svc");
    expect_stacks_in(ErrorCode::StopTimedOut);
    // An administrator's stop must not start recovery: Win32 code 0, ours beside
    // it.
    EXPECT_EQ(exit_of(), (ExitStatus{win32::kNoError, error_info(ErrorCode::StopTimedOut).exit_code}));
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{0});
    EXPECT_EQ(trace.count("finalize"), 0U);
    EXPECT_EQ(events.count(ErrorCode::StopSlow), 1U);
}

TEST_F(ServiceHostDeadlinesTest, AStopThatNobodyAskedForIsAFailureWhenItHangs) {
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        service->report(StopPending);
        service->hang();
        return RunAnswer::returned();
    });
    start("svc");
    scm.wait_for("svc", StopPending);
    clock.advance(180s);
    process.wait_for_end();
    wait_until_stopped("svc");
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(error_info(ErrorCode::StopTimedOut).exit_code));
}

TEST_F(ServiceHostDeadlinesTest, AWaitHintOfTheClassLengthensBoth) {
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer& service, const FakeControl&) {
        service->report(StopPending, 0, {}, 400s);
        trace.add("hint given");
        return std::optional(ControlAnswer::returned());
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("hint given");
    EXPECT_EQ(scm.last("svc").wait_hint, 400s);
    clock.pass(399s);
    EXPECT_TRUE(events.entries().empty());
    clock.advance(1s);
    process.wait_for_end();
    EXPECT_EQ(events.count(ErrorCode::StopTimedOut), 1U);
}

TEST_F(ServiceHostDeadlinesTest, AShutdownEndsWithinTheLimitOfWindows) {
    config.set_limits(4s, 10s);
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer& service, const FakeControl&) {
        service->report(StopPending, 0, {}, 60s);  // cannot make Windows wait longer
        trace.add("hint given");
        return std::optional(ControlAnswer::returned());
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kShutdown), win32::kNoError);
    trace.wait_for("hint given");
    clock.pass(3'999ms);
    EXPECT_TRUE(events.entries().empty());
    clock.advance(1ms);
    process.wait_for_end();
    wait_until_stopped("svc");
    EXPECT_EQ(exit_of(), (ExitStatus{win32::kNoError, error_info(ErrorCode::StopTimedOut).exit_code}));
    EXPECT_EQ(events.count(ErrorCode::StopTimedOut), 1U);
}

TEST_F(ServiceHostDeadlinesTest, APreshutdownEndsWithinItsOwnLimit) {
    config.set_limits(4s, 10s);
    engine.on_run(hanging_class(accept::kStop | accept::kPreshutdown));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPreshutdown), win32::kNoError);
    EXPECT_EQ(scm.last("svc").wait_hint, 10s);
    clock.pass(9s);
    EXPECT_FALSE(process.ended());
    clock.advance(1s);
    process.wait_for_end();
}

TEST_F(ServiceHostDeadlinesTest, AStopControlThatNeverReturnsDoesNotKeepTheServiceAlive) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer& service, const FakeControl&) {
        service->stop();  // the main loop ends, SvcStop does not
        go_on.wait();
        return std::optional(ControlAnswer::returned());
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("control 1");
    clock.advance(60s);
    events.wait_for(ErrorCode::StopSlow);
    clock.advance(120s);
    process.wait_for_end();
    wait_until_stopped("svc");
    EXPECT_EQ(exit_of(), (ExitStatus{win32::kNoError, error_info(ErrorCode::StopTimedOut).exit_code}));
    EXPECT_EQ(trace.count("finalize"), 0U);
    go_on.open();
}

TEST_F(ServiceHostDeadlinesTest, TheLastResortDoesNotWaitForAnScmThatHangs) {
    Gate& scm_works = gate("scm_works");
    scm.before_status = [&](const std::string&, const StatusRecord& status) {
        if (status.state == Stopped) scm_works.wait();
    };
    engine.on_run(hanging_class());
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    clock.advance(180s);
    process.wait_for_end();
    EXPECT_NE(states().back(), Stopped);
    scm_works.open();
    wait_until_stopped("svc");
}

// ---- grace
// ----------------------------------------------------------------------------------------------------------

/// A class whose SvcStop reports STOPPED (with `exit`) while its main loop goes
/// on; `then` comes after that.
RunScript early_stopped(ExitStatus exit, std::function<void(const ServicePointer&)> then) {
    return ordinary_class(accept::kStop, [=](const ServicePointer& service, const FakeControl&) {
        service->report(Stopped, 0, exit);
        if (then) then(service);
        return std::optional(ControlAnswer::returned());
    });
}

TEST_F(ServiceHostDeadlinesTest, AnEarlyStoppedIsHeldBackUntilTheMainLoopEnds) {
    Gate& go_on = gate("go_on");
    engine.on_run(early_stopped(ExitStatus::service_specific(5), [&](const ServicePointer& service) {
        trace.add("class reported STOPPED");
        go_on.wait();
        service->stop();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("class reported STOPPED");
    clock.pass(2s);
    EXPECT_EQ(states().back(), StopPending);
    go_on.open();
    EXPECT_EQ(wait_until_closed(), 5U);
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(5)) << "the code of the class";
    EXPECT_EQ(trace.count("SystemExit in svc"), 0U);
    EXPECT_EQ(trace.only({"class reported STOPPED", "finalize", "svc STOPPED"}),
              (std::vector<std::string>{"class reported STOPPED", "finalize", "svc STOPPED"}));
}

TEST_F(ServiceHostDeadlinesTest, AfterAnEarlyStoppedTheClassHasNothingToReport) {
    engine.on_run(early_stopped({}, [&](const ServicePointer& service) {
        service->report(Running, accept::kStop);
        service->report(Stopped, 0, ExitStatus::service_specific(9));
        service->stop();
    }));
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(exit_of(), ExitStatus::success()) << "the first STOPPED is final";
}

TEST_F(ServiceHostDeadlinesTest, AMainLoopThatGoesOnAfterStoppedGetsSystemExit) {
    engine.on_run(early_stopped(ExitStatus::service_specific(5), [&](const auto&) { trace.add("reported"); }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("reported");
    clock.pass(2'999ms);
    EXPECT_EQ(trace.count("SystemExit in svc"), 0U);
    clock.advance(1ms);
    wait_until_closed();
    EXPECT_EQ(trace.count("SystemExit in svc"), 1U);
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(5));
    EXPECT_EQ(trace.count("finalize"), 1U);
    EXPECT_EQ(events.count(ErrorCode::GraceExpired), 0U);
}

TEST_F(ServiceHostDeadlinesTest, AMainLoopThatIgnoresSystemExitIsEndedWithTheCodeOfTheClass) {
    ignore_system_exit();
    engine.on_run(early_stopped({}, [&](const auto&) { trace.add("reported"); }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("reported");
    clock.advance(3s);
    trace.wait_for("SystemExit in svc");
    clock.pass(999ms);
    EXPECT_FALSE(process.ended());
    clock.advance(1ms);
    process.wait_for_end();
    wait_until_stopped("svc");
    EXPECT_EQ(exit_of(), ExitStatus::success());
    expect_stacks_in(ErrorCode::GraceExpired);
    EXPECT_EQ(trace.count("finalize"), 0U);
}

TEST_F(ServiceHostDeadlinesTest, AStoppedInsideTheRunThreadIsHeldBackToo) {
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        service->report(Stopped, 0, ExitStatus::service_specific(2));
        return RunAnswer::returned();
    });
    start("svc");
    EXPECT_EQ(wait_until_closed(), 2U);
    EXPECT_EQ(states(), (std::vector{StartPending, Running, StopPending, Stopped}));
}

TEST_F(ServiceHostDeadlinesTest, ASystemExitThatIsUnderWayIsWaitedForWhenTheCodeEnds) {
    // Delivered after the main function has returned it would break threading's
    // shutdown.
    Gate& raising = gate("raising");
    Gate& go_on = gate("go_on");
    engine.on_raise_system_exit = [&](FakeService& service) {
        raising.open();
        service.stop();  // the code ends by itself at the same moment
        go_on.wait();
        return false;
    };
    engine.on_run(early_stopped({}, [&](const auto&) { trace.add("reported"); }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("reported");
    clock.advance(3s);
    raising.wait();
    EXPECT_EQ(trace.count("finalize"), 0U);
    go_on.open();
    wait_until_closed();
    EXPECT_EQ(trace.count("finalize"), 1U);
}

TEST_F(ServiceHostDeadlinesTest, ASvcStopThatRaisesEndsTheServiceAfterItsGrace) {
    engine.on_run(ordinary_class(accept::kStop,
                                 [](const ServicePointer&, const FakeControl& control) -> std::optional<ControlAnswer> {
                                     if (is_stop_control(control))
                                         return ControlAnswer::raised("Traceback: in SvcStop");
                                     return std::nullopt;
                                 }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
    trace.wait_for("control 128");  // SvcStop is over, with all that follows from it
    EXPECT_NE(events.text(ErrorCode::ControlFailed).find("Traceback: in SvcStop"), std::string::npos);
    clock.pass(2'999ms);
    EXPECT_EQ(trace.count("SystemExit in svc"), 0U);
    clock.advance(1ms);
    wait_until_closed();
    EXPECT_EQ(exit_of(), (ExitStatus{win32::kNoError, error_info(ErrorCode::ControlFailed).exit_code}));
    EXPECT_EQ(trace.count("SystemExit in svc"), 1U);
    EXPECT_EQ(trace.count("finalize"), 1U);
}

TEST_F(ServiceHostDeadlinesTest, ASvcStopThatRaisesIsForgivenWhenTheMainLoopEnds) {
    engine.on_run(ordinary_class(accept::kStop, [](const ServicePointer& service, const FakeControl&) {
        service->stop();
        return std::optional(ControlAnswer::raised("Traceback: in SvcStop"));
    }));
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(events.count(ErrorCode::ControlFailed), 1U);
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

// ---- finalise
// -------------------------------------------------------------------------------------------------------

TEST_F(ServiceHostDeadlinesTest, AFinalisationThatHangsIsEndedWithTheServicesCode) {
    Gate& finalizing = gate("finalizing");
    Gate& go_on = gate("go_on");
    engine.on_finalize = [&] {
        finalizing.open();
        go_on.wait();
    };
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        return RunAnswer::exited(3);
    });
    start("svc");
    finalizing.wait();
    EXPECT_EQ(states().back(), StopPending);
    EXPECT_GE(scm.last("svc").wait_hint, 10s);
    clock.pass(9s);
    EXPECT_FALSE(process.ended());
    clock.advance(1s);
    process.wait_for_end();
    wait_until_stopped("svc");
    expect_stacks_in(ErrorCode::FinalizeTimedOut);
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(3));
    EXPECT_EQ(process.codes().front(), 3U);
    go_on.open();
}

}  // namespace
}  // namespace pysvc
