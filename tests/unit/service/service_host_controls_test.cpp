// SPDX-License-Identifier: MIT
// Controls: what the sender is answered, what Python is told, what the status
// becomes.
#include "tests/unit/service/host_test.hpp"

#include <atomic>
#include <ostream>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using enum State;

constexpr std::uint32_t kParamChange = 6;
constexpr std::uint32_t kSessionChange = 14;

/// An override that answers every control but STOP with `answer`.
ControlOverride answers(ControlAnswer answer) {
    return [=](const ServicePointer&, const FakeControl& control) -> std::optional<ControlAnswer> {
        if (is_stop_control(control)) return std::nullopt;
        return answer;
    };
}

class ServiceHostControlsTest : public HostTest {
protected:
    /// How often Python was told `code`.
    [[nodiscard]] std::size_t told(std::uint32_t code) const { return trace.count("control " + std::to_string(code)); }

    /// Waits until Python has answered everything that was sent before: the queue
    /// keeps the order.
    void wait_for_controls() {
        EXPECT_EQ(scm.control("svc", 255), win32::kNoError);
        trace.wait_for("control 255");
    }
};

TEST_F(ServiceHostControlsTest, TheHandlerAnswersWhilePythonIsBusy) {
    Gate& python_is_free = gate("python_is_free");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer&, const FakeControl& control) {
        if (control.control == 128) python_is_free.wait();
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
    trace.wait_for("control 128");
    // Python stands still inside a control. Every answer below comes without it.
    EXPECT_EQ(scm.control("svc", control::kInterrogate), win32::kNoError);
    EXPECT_EQ(scm.control("svc", 129), win32::kNoError);
    EXPECT_EQ(scm.control("svc", kParamChange), win32::kNoError);
    EXPECT_EQ(scm.control("svc", kSessionChange), win32::kNoError);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(states(), (std::vector{StartPending, Running, StopPending}));
    EXPECT_EQ(told(129), 0U);
    python_is_free.open();
    wait_until_closed();
    EXPECT_EQ(told(control::kStop), 1U) << "several STOPs are one";
}

TEST_F(ServiceHostControlsTest, StopOvertakesWhatWasSentBefore) {
    Gate& python_is_free = gate("python_is_free");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer&, const FakeControl& control) {
        if (control.control == 128) python_is_free.wait();
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
    trace.wait_for("control 128");
    EXPECT_EQ(scm.control("svc", 129), win32::kNoError);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    python_is_free.open();
    wait_until_closed();
    const auto order = trace.only({"control 128", "control 1", "control 129"});
    ASSERT_GE(order.size(), 2U);
    EXPECT_EQ(order[1], "control 1");
}

TEST_F(ServiceHostControlsTest, ControlsReachPythonInOrderAndWithTheirData) {
    std::vector<std::string> seen;
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler(
            [&, service](const FakeControl& control) {
                if (is_stop_control(control)) {
                    service->stop();
                } else {
                    seen.push_back(std::to_string(control.control) + ":" + std::to_string(control.event_type) + ":" +
                                   control.data + (control.extra_args ? ":extra" : ""));
                }
                return ControlAnswer::returned();
            },
            true);
        service->before_run();
        service->report(Running, accept::kStop);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start_and_wait("svc");
    {
        std::vector<std::byte> data{std::byte{'o'}, std::byte{'k'}};
        EXPECT_EQ(scm.control("svc", kSessionChange, 5, data), win32::kNoError);
        data.assign(2, std::byte{'!'});  // the system's memory is gone when the handler has returned
    }
    EXPECT_EQ(scm.control("svc", 130), win32::kNoError);
    wait_for_controls();
    stop_and_wait();
    ASSERT_GE(seen.size(), 2U);
    EXPECT_EQ(seen[0], "14:5:ok:extra");
    EXPECT_EQ(seen[1], "130:0::extra");
}

// ---- INTERROGATE
// ----------------------------------------------------------------------------------------------------

TEST_F(ServiceHostControlsTest, InterrogateIsAnsweredNativelyAndReportsNothing) {
    start_and_wait("svc");
    const auto before = scm.statuses("svc").size();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(scm.control("svc", control::kInterrogate), win32::kNoError);
    wait_for_controls();
    EXPECT_EQ(scm.statuses("svc").size(), before);
    EXPECT_EQ(told(control::kInterrogate), 0U);
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, InterrogateIsForwardedToAClassThatWantsIt) {
    engine.on_run(ordinary_class(accept::kStop, answers(ControlAnswer::returned()), true));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kInterrogate), win32::kNoError);
    wait_for_controls();
    EXPECT_EQ(told(control::kInterrogate), 1U);
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, InterrogateNeverUnpauses) {
    engine.on_run(ordinary_class(
        accept::kStop | accept::kPauseContinue,
        [](const ServicePointer& service, const FakeControl& control) -> std::optional<ControlAnswer> {
            // pywin32's framework reports RUNNING here, whatever the state.
            if (control.control == control::kInterrogate) service->report(Running, accept::kStop);
            if (control.control == control::kPause) service->report(Paused, accept::kStop | accept::kPauseContinue);
            return std::nullopt;
        },
        true));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    scm.wait_for("svc", Paused);
    EXPECT_EQ(scm.control("svc", control::kInterrogate), win32::kNoError);
    wait_for_controls();
    EXPECT_EQ(states().back(), Paused);
    stop_and_wait();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, PausePending, Paused, StopPending, Stopped}));
}

// ---- PAUSE and CONTINUE
// ---------------------------------------------------------------------------------------------

constexpr std::uint32_t kPausable = accept::kStop | accept::kPauseContinue;

std::optional<ControlAnswer> pausing(const ServicePointer& service, const FakeControl& control) {
    if (control.control == control::kPause) service->report(Paused, kPausable);
    if (control.control == control::kContinue) service->report(Running, kPausable);
    return std::nullopt;
}

TEST_F(ServiceHostControlsTest, PauseAndContinueGoThroughTheirPendingStates) {
    engine.on_run(ordinary_class(kPausable, pausing));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    scm.wait_for("svc", Paused);
    EXPECT_EQ(scm.control("svc", control::kContinue), win32::kNoError);
    wait_for_controls();
    stop_and_wait();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, PausePending, Paused, ContinuePending, Running, StopPending,
                                     Stopped}));
}

TEST_F(ServiceHostControlsTest, APauseThatTheClassIgnoresGoesBackToRunning) {
    engine.on_run(ordinary_class(kPausable));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    wait_for_controls();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, PausePending, Running}));
    EXPECT_EQ(scm.last("svc").accepted, kPausable | accept::kShutdown);
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, APauseThatRaisesGoesBackToRunningWithAnEvent) {
    engine.on_run(ordinary_class(kPausable, answers(ControlAnswer::raised("Traceback: in SvcPause"))));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    wait_for_controls();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, PausePending, Running}));
    EXPECT_NE(events.text(ErrorCode::ControlFailed).find("Traceback"), std::string::npos);
    stop_and_wait();
    EXPECT_EQ(exit_of(), ExitStatus::success()) << "only a SvcStop that fails ends the service";
}

TEST_F(ServiceHostControlsTest, AContinueThatTheClassIgnoresGoesBackToPaused) {
    engine.on_run(ordinary_class(kPausable, [](const ServicePointer& service, const FakeControl& control) {
        if (control.control == control::kPause) service->report(Paused, kPausable);
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    scm.wait_for("svc", Paused);
    EXPECT_EQ(scm.control("svc", control::kContinue), win32::kNoError);
    wait_for_controls();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, PausePending, Paused, ContinuePending, Paused}));
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, PauseTwiceIsToldOnce) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(kPausable, [&](const ServicePointer& service, const FakeControl& control) {
        if (control.control == control::kPause) go_on.wait();
        return pausing(service, control);
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError) << "on its way";
    go_on.open();
    scm.wait_for("svc", Paused);
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError) << "done already";
    wait_for_controls();
    EXPECT_EQ(told(control::kPause), 1U);
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, ContinueOfARunningServiceIsDoneAlready) {
    engine.on_run(ordinary_class(kPausable, pausing));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kContinue), win32::kNoError);
    wait_for_controls();
    EXPECT_EQ(told(control::kContinue), 0U);
    EXPECT_EQ(states(), (std::vector{StartPending, Running}));
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, APauseOfAStoppingServiceIsRefused) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(kPausable, [&](const ServicePointer&, const FakeControl&) {
        go_on.wait();
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kServiceCannotAcceptControl);
    EXPECT_EQ(scm.control("svc", control::kContinue), win32::kServiceCannotAcceptControl);
    go_on.open();
    wait_until_closed();
}

TEST_F(ServiceHostControlsTest, StopOfAPausedServiceIsOnePath) {
    engine.on_run(ordinary_class(kPausable, pausing));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
    scm.wait_for("svc", Paused);
    stop_and_wait();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, PausePending, Paused, StopPending, Stopped}));
}

// ---- answers
// --------------------------------------------------------------------------------------------------------

struct AnswerCase {
    const char* name;
    std::uint32_t control;
    ControlAnswer answer;
    std::uint32_t expected;

    friend std::ostream& operator<<(std::ostream& out, const AnswerCase& row) { return out << row.name; }
};

class ServiceHostAnswer : public HostTest, public testing::WithParamInterface<AnswerCase> {};

TEST_P(ServiceHostAnswer, IsWhatTheClassSaysWhereWindowsUsesIt) {
    engine.on_run(ordinary_class(accept::kStop, answers(GetParam().answer)));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", GetParam().control), GetParam().expected);
    stop_and_wait();
}

INSTANTIATE_TEST_SUITE_P(
    ServiceHost, ServiceHostAnswer,
    testing::Values(AnswerCase{"DeviceGranted", control::kDeviceEvent, ControlAnswer::returned(0), 0},
                    AnswerCase{"DeviceDenied", control::kDeviceEvent, ControlAnswer::returned(0x424D5144), 0x424D5144},
                    AnswerCase{"PowerRaised", control::kPowerEvent, ControlAnswer::raised("Traceback"),
                               win32::kCallNotImplemented},
                    AnswerCase{"PowerBadValue", control::kPowerEvent, ControlAnswer::bad_value("str"),
                               win32::kServiceSpecificError}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(ServiceHostControlsTest, ControlReplyWaitMakesUserDefinedControlsWait) {
    config.set_parameter("svc", "ControlReplyWait", fakes::number_value(25'000));
    engine.on_run(ordinary_class(accept::kStop, answers(ControlAnswer::returned(77))));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 128), 77U);
    EXPECT_EQ(scm.control("svc", 255), 77U);
    EXPECT_EQ(scm.control("svc", kParamChange), win32::kNoError);
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, AnAnswerThatDoesNotComeInTimeIsNoError) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer&, const FakeControl& control) {
        if (control.control == control::kPowerEvent) go_on.wait();
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(scm.control("svc", control::kPowerEvent), win32::kNoError);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 2s) << "Windows uses this answer, so it is waited for";
    go_on.open();
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, WhoWaitsForAnAnswerIsAnsweredWhenTheServiceEnds) {
    config.set_parameter("svc", "ControlReplyWait", fakes::number_value(25'000));
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer& service, const FakeControl& control) {
        if (control.control == 128) {
            service->stop();  // the main loop ends while this control is being handled
            go_on.wait();
        }
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    std::thread first([&] { scm.control("svc", 128); });
    trace.wait_for("control 128");
    std::uint32_t answer = 99;
    std::thread second([&] { answer = scm.control("svc", 129); });
    second.join();  // answered by the closing queue, or refused because it is closed
    EXPECT_TRUE(answer == win32::kNoError || answer == win32::kServiceCannotAcceptControl) << answer;
    go_on.open();
    first.join();
    wait_until_closed();
    EXPECT_EQ(told(129), 0U);
    EXPECT_EQ(events.count(ErrorCode::ControlsDropped), 0U) << "a closed queue is not a full one";
}

TEST_F(ServiceHostControlsTest, AStopThatMeetsTheEndOfTheCodeIsStopPending) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer& service, const FakeControl& control) {
        if (control.control == 128) {
            service->stop();
            go_on.wait();
        }
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
    // The code has ended when nothing is taken any more; the control above keeps the service from going on.
    while (scm.control("svc", 129) != win32::kServiceCannotAcceptControl) std::this_thread::yield();
    EXPECT_EQ(states(), (std::vector{StartPending, Running}));
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(states(), (std::vector{StartPending, Running, StopPending}));
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kServiceCannotAcceptControl);
    go_on.open();
    wait_until_closed();
    EXPECT_EQ(told(control::kStop), 0U);
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

TEST_F(ServiceHostControlsTest, AControlThatRaisesIsAnEvent) {
    engine.on_run(ordinary_class(accept::kStop,
                                 [](const ServicePointer&, const FakeControl& control) -> std::optional<ControlAnswer> {
                                     if (control.control == 128) return ControlAnswer::raised("Traceback: KeyError");
                                     return std::nullopt;
                                 }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
    wait_for_controls();
    EXPECT_NE(events.text(ErrorCode::ControlFailed).find("svc: control 128: Traceback: KeyError"), std::string::npos);
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, AControlThatReturnsNonsenseIsAnEvent) {
    engine.on_run(ordinary_class(accept::kStop,
                                 [](const ServicePointer&, const FakeControl& control) -> std::optional<ControlAnswer> {
                                     if (control.control == 129) return ControlAnswer::bad_value("returned 'text'");
                                     return std::nullopt;
                                 }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 129), win32::kNoError);
    wait_for_controls();
    EXPECT_NE(events.text(ErrorCode::ControlFailed).find("svc: control 129: returned 'text'"), std::string::npos);
    stop_and_wait();
}

TEST_F(ServiceHostControlsTest, ATriggerWhileStoppingIsQueuedAgainByWindows) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer&, const FakeControl& control) {
        if (is_stop_control(control)) go_on.wait();
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kTriggerEvent), win32::kNoError);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(scm.control("svc", control::kTriggerEvent), win32::kShutdownInProgress);
    go_on.open();
    wait_until_closed();
}

TEST_F(ServiceHostControlsTest, RefusedControlsAreAnsweredWithQuotaAndOneEventCountsThem) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer&, const FakeControl& control) {
        if (control.control == 128) go_on.wait();
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
    trace.wait_for("control 128");
    for (int i = 0; i < 65'536; ++i) ASSERT_EQ(scm.control("svc", 129), win32::kNoError) << i;
    for (int i = 0; i < 50; ++i) {
        ASSERT_EQ(scm.control("svc", 129), win32::kNotEnoughQuota);
        clock.wait_until_idle();
    }
    clock.advance(10s);
    events.wait_for(ErrorCode::ControlsDropped);
    EXPECT_EQ(events.count(ErrorCode::ControlsDropped), 1U);
    EXPECT_NE(events.text(ErrorCode::ControlsDropped).find("svc: 50 controls"), std::string::npos)
        << events.text(ErrorCode::ControlsDropped);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError) << "STOP has a slot of its own";
    go_on.open();
    wait_until_closed();
}

TEST_F(ServiceHostControlsTest, RefusedControlsAreCountedAtTheEndAtTheLatest) {
    Gate& go_on = gate("go_on");
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer&, const FakeControl& control) {
        if (control.control == 128) go_on.wait();
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
    trace.wait_for("control 128");
    EXPECT_EQ(scm.control("svc", kSessionChange, 1, std::vector<std::byte>(9'000'000)), win32::kNotEnoughQuota);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    go_on.open();
    wait_until_closed();
    EXPECT_EQ(events.count(ErrorCode::ControlsDropped), 1U);
}

TEST_F(ServiceHostControlsTest, SeveralSendersLoseAndDoubleNothing) {
    std::atomic<int> told_count{0};
    engine.on_run(ordinary_class(accept::kStop, [&](const ServicePointer&, const FakeControl& control) {
        if (control.control == 128) ++told_count;
        return std::optional<ControlAnswer>();
    }));
    start_and_wait("svc");
    std::vector<std::thread> senders;
    for (int i = 0; i < 4; ++i) {
        senders.emplace_back([this] {
            for (int n = 0; n < 100; ++n) EXPECT_EQ(scm.control("svc", 128), win32::kNoError);
        });
    }
    for (std::thread& sender : senders) sender.join();
    wait_for_controls();
    EXPECT_EQ(told_count, 400);
    stop_and_wait();
}

// ---- SHUTDOWN and PRESHUTDOWN
// ---------------------------------------------------------------------------------------

TEST_F(ServiceHostControlsTest, AClassWithoutSvcShutdownGetsStop) {
    start_and_wait("svc");
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop | accept::kShutdown);
    EXPECT_EQ(scm.control("svc", control::kShutdown), win32::kNoError);
    wait_until_closed();
    EXPECT_EQ(told(control::kStop), 1U);
    EXPECT_EQ(told(control::kShutdown), 0U);
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

TEST_F(ServiceHostControlsTest, AClassWithSvcShutdownGetsShutdown) {
    engine.on_run(ordinary_class(accept::kStop | accept::kShutdown));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kShutdown), win32::kNoError);
    wait_until_closed();
    EXPECT_EQ(told(control::kShutdown), 1U);
    EXPECT_EQ(told(control::kStop), 0U);
}

TEST_F(ServiceHostControlsTest, AClassWithPreshutdownGetsIt) {
    engine.on_run(ordinary_class(accept::kStop | accept::kPreshutdown));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kPreshutdown), win32::kNoError);
    EXPECT_EQ(scm.statuses("svc").back().state, StopPending);
    wait_until_closed();
    EXPECT_EQ(told(control::kPreshutdown), 1U);
    EXPECT_EQ(trace.count("finalize"), 1U);
}

TEST_F(ServiceHostControlsTest, AShutdownDoesNotFinalise) {
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kShutdown), win32::kNoError);
    wait_until_closed();
    EXPECT_EQ(trace.count("finalize"), 0U) << "the system is going down: flush, and out";
    EXPECT_EQ(trace.count("flush C streams"), 1U);
}

}  // namespace
}  // namespace pysvc
