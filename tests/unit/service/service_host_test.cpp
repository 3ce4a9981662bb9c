// SPDX-License-Identifier: MIT
// Whole lives of a service: start, run, end, and every way each of them can
// fail.
#include "tests/unit/service/host_test.hpp"
#include "tests/unit/service/temporary_folder.hpp"

#include <atomic>
#include <ostream>
#include <string_view>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using enum State;

class ServiceHostTest : public HostTest {};

TEST_F(ServiceHostTest, AnOrdinaryLife) {
    start_and_wait("svc");
    EXPECT_FALSE(process.ended());
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(wait_until_closed(), 0U);

    EXPECT_EQ(states(), (std::vector{StartPending, Running, StopPending, Stopped}));
    EXPECT_EQ(exit_of(), ExitStatus::success());
    EXPECT_EQ(trace.entries(),
              (std::vector<std::string>{"svc START_PENDING", "start interpreter", "run svc", "svc RUNNING",
                                        "svc STOP_PENDING", "control 1", "park late threads", "finalize",
                                        "flush C streams", "svc STOPPED", "terminate"}));
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{0});
    EXPECT_TRUE(events.entries().empty());
    EXPECT_EQ(scm.last("svc").type, ServiceType::OwnProcess);
}

TEST_F(ServiceHostTest, TheControlThreadIsGoneAndItsCallableReleasedBeforeFinalising) {
    std::atomic<int> attached = -1;
    std::atomic<std::size_t> released = 99;
    engine.on_finalize = [&] {
        attached = engine.attached();
        released = engine.released_objects().size();
    };
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(attached, 0);
    EXPECT_EQ(released, 1U);
}

TEST_F(ServiceHostTest, AReplacedHandlerTakesOverAndBothAreReleased) {
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        service->report(Running, accept::kStop);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(engine.registered_callables(), 2U);
    EXPECT_EQ(engine.released_objects().size(), 2U);
}

TEST_F(ServiceHostTest, TheClassGetsItsArgumentsAndItsPlace) {
    config.set_class("svc", R"(C:\services\pkg.module.Class)");
    ServicePointer seen;
    engine.on_run([&](const ServicePointer& service) {
        seen = service;
        return ordinary_class()(service);
    });
    start("svc", {"one", "zwei ö", ""});
    scm.wait_for("svc", Running);
    stop_and_wait();
    EXPECT_EQ(seen->args, (std::vector<std::string>{"svc", "one", "zwei ö", ""}));
    EXPECT_EQ(seen->directory, R"(C:\services)");
    EXPECT_EQ(seen->module, "pkg.module");
    EXPECT_EQ(seen->class_name, "Class");
    EXPECT_EQ(seen->class_object, nullptr);
    EXPECT_EQ(seen->handle(), scm.handle("svc"));
}

TEST_F(ServiceHostTest, AClassObjectNeedsNoRegistryAndIsReleasedBeforeFinalising) {
    int object = 0;
    table.emplace(ServiceTable::single(ClassObject{&object}));
    std::atomic<bool> released_in_time = false;
    engine.on_finalize = [&] { released_in_time = engine.released_objects().size() == 2; };
    ServicePointer seen;
    engine.on_run([&](const ServicePointer& service) {
        seen = service;
        return ordinary_class()(service);
    });
    config.set_class("svc", fakes::number_value(1));
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(seen->class_object, &object);
    EXPECT_TRUE(released_in_time) << "the callable and the class";
}

TEST_F(ServiceHostTest, WithoutArgumentsTheServiceHasTheNameOfTheTable) {
    table.emplace(ServiceTable::group({"svc"}));
    std::thread service_main([&] { host().service_main({}); });
    scm.wait_for("svc", Running);
    stop_and_wait();
    service_main.join();
}

TEST_F(ServiceHostTest, AnySpellingOfAnOwnProcessServiceMayRegister) {
    std::uint32_t code = 99;
    engine.on_run([&](const ServicePointer& service) {
        code = service->register_handler_as("AnotherName", [=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        service->report(Running, accept::kStop);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(code, win32::kNoError);
}

// ---- how a class ends
// -----------------------------------------------------------------------------------------------

struct Outcome {
    const char* name;
    RunAnswer answer;
    ExitStatus exit;
    ErrorCode event;  ///< None: silent

    friend std::ostream& operator<<(std::ostream& out, const Outcome& row) { return out << row.name; }
};

class ServiceHostOutcome : public HostTest, public testing::WithParamInterface<Outcome> {};

TEST_P(ServiceHostOutcome, BecomesItsExitCodeAndItsEvent) {
    engine.summary = "interpreter: python 3.13";
    engine.on_run([](const ServicePointer& service) {
        if (GetParam().answer.kind == PYSVC_RUN_NOT_STARTED) return GetParam().answer;
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        return GetParam().answer;
    });
    start("svc");
    EXPECT_EQ(wait_until_closed(), GetParam().exit.process_code());
    EXPECT_EQ(exit_of(), GetParam().exit);
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{GetParam().exit.process_code()});
    EXPECT_EQ(trace.count("finalize"), 1U);
    if (GetParam().event == ErrorCode::None) {
        EXPECT_TRUE(events.entries().empty());
        return;
    }
    ASSERT_EQ(events.ids(), std::vector<std::uint32_t>{error_info(GetParam().event).event_id});
    const std::string text = events.text(GetParam().event);
    EXPECT_NE(text.find("svc: "), std::string::npos) << text;
    EXPECT_NE(text.find(GetParam().answer.text), std::string::npos) << text;
    const bool failed = GetParam().answer.kind != PYSVC_RUN_EXITED;
    EXPECT_EQ(text.find("python 3.13") != std::string::npos, failed) << text;
}

INSTANTIATE_TEST_SUITE_P(
    ServiceHost, ServiceHostOutcome,
    testing::Values(
        Outcome{"Returned", RunAnswer::returned(), {}, ErrorCode::None},
        Outcome{"Raised", RunAnswer::raised("Traceback: ValueError"), ExitStatus::service_specific(0x20000001),
                ErrorCode::RunRaised},
        Outcome{"ExitedWith0", RunAnswer::exited(0), {}, ErrorCode::None},
        Outcome{"ExitedWith3", RunAnswer::exited(3), ExitStatus::service_specific(3), ErrorCode::ServiceExited},
        Outcome{"ExitedWithText", RunAnswer::exited(1, "no disk"), ExitStatus::service_specific(1),
                ErrorCode::ServiceExited},
        Outcome{"NoModule", RunAnswer::not_started(ErrorCode::ModuleNotFound, "No module named 'x'"),
                ExitStatus::service_specific(1), ErrorCode::ModuleNotFound},
        Outcome{"SyntaxError", RunAnswer::not_started(ErrorCode::ModuleSyntaxError, "line 3"),
                ExitStatus::service_specific(1), ErrorCode::ModuleSyntaxError},
        Outcome{"ImportRaised", RunAnswer::not_started(ErrorCode::ImportRaised, "Traceback"),
                ExitStatus::service_specific(1), ErrorCode::ImportRaised},
        Outcome{"NoClass", RunAnswer::not_started(ErrorCode::ClassNotFound, "did you mean"),
                ExitStatus::service_specific(1), ErrorCode::ClassNotFound},
        Outcome{"ConstructorRaised", RunAnswer::not_started(ErrorCode::ConstructorRaised, "Traceback"),
                ExitStatus::service_specific(1), ErrorCode::ConstructorRaised},
        Outcome{"NoRunMethod", RunAnswer::not_started(ErrorCode::NoRunMethod, "class 'C'"),
                ExitStatus::service_specific(0x20002015), ErrorCode::NoRunMethod},
        Outcome{"StartupErrorIsSilent", RunAnswer::not_started(ErrorCode::StartupErrorRaised, "told already"),
                ExitStatus::service_specific(1), ErrorCode::None}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(ServiceHostTest, AServiceThatReturnsByItselfIsStopPendingThenStopped) {
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        return RunAnswer::returned();
    });
    start("svc");
    wait_until_closed();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, StopPending, Stopped}));
}

TEST_F(ServiceHostTest, FinalizeOffIsHonoured) {
    config.set_parameter("svc", "Finalize", fakes::text_value("off"));
    start_and_wait("svc");
    stop_and_wait();
    EXPECT_EQ(trace.count("finalize"), 0U);
    EXPECT_EQ(trace.only({"flush C streams", "svc STOPPED", "terminate"}),
              (std::vector<std::string>{"flush C streams", "svc STOPPED", "terminate"}));
}

// ---- what is wrong before Python
// ------------------------------------------------------------------------------------

struct BadValue {
    const char* name;
    std::function<void(fakes::FakeConfig&)> setup;
    ErrorCode code;

    friend std::ostream& operator<<(std::ostream& out, const BadValue& row) { return out << row.name; }
};

class ServiceHostClassValue : public HostTest, public testing::WithParamInterface<BadValue> {};

TEST_P(ServiceHostClassValue, FailsTheStartWithoutPython) {
    TemporaryFolder folder;
    prepare = [&](const std::string&, const Settings& settings) {
        EXPECT_TRUE(journal.log().open(*storage, folder / "svc.log", settings));
    };
    GetParam().setup(config);
    start("bad");
    EXPECT_EQ(wait_until_closed(), 1U);
    EXPECT_EQ(states("bad"), (std::vector{StartPending, Stopped}));
    EXPECT_EQ(exit_of("bad"), ExitStatus::service_specific(1));
    EXPECT_EQ(events.ids(), std::vector<std::uint32_t>{error_info(GetParam().code).event_id});
    EXPECT_EQ(engine.starts(), 0);
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{1});
    const std::string text = events.text(GetParam().code);
    EXPECT_NE(text.find(R"(Services\bad\PythonClass)"), std::string::npos) << text;
    EXPECT_NE(folder.text("svc.log").find(error_info(GetParam().code).summary), std::string::npos)
        << "the log holds the event as well";
}

INSTANTIATE_TEST_SUITE_P(
    ServiceHost, ServiceHostClassValue,
    testing::Values(
        BadValue{"Missing", [](fakes::FakeConfig&) {}, ErrorCode::ClassValueMissing},
        BadValue{"WrongType", [](fakes::FakeConfig& config) { config.set_class("bad", fakes::number_value(1)); },
                 ErrorCode::ClassValueWrongType},
        BadValue{"Empty", [](fakes::FakeConfig& config) { config.set_class("bad", ""); }, ErrorCode::ClassValueEmpty},
        BadValue{"NoDot", [](fakes::FakeConfig& config) { config.set_class("bad", "module"); },
                 ErrorCode::ClassValueNoDot},
        BadValue{"TooLong", [](fakes::FakeConfig& config) { config.set_class("bad", std::string(20'000, 'a') + ".C"); },
                 ErrorCode::ClassValueTooLong},
        BadValue{"Nul",
                 [](fakes::FakeConfig& config) {
                     config.set_class("bad", fakes::raw_value(fakes::kRegSz, u"mod\0ule.C\0"sv));
                 },
                 ErrorCode::ClassValueHasNul}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(ServiceHostTest, AnEngineThatDoesNotStartFailsTheServiceWithItsCause) {
    engine.on_start = [](const auto&) -> Result<void> {
        return failure(ErrorCode::PythonNotFound, 2, R"('C:\py\python313.dll')");
    };
    start("svc");
    EXPECT_EQ(wait_until_closed(), error_info(ErrorCode::PythonNotFound).exit_code);
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(error_info(ErrorCode::PythonNotFound).exit_code));
    EXPECT_NE(events.text(ErrorCode::PythonNotFound).find("python313.dll"), std::string::npos);
    EXPECT_EQ(trace.count("run svc"), 0U);
    EXPECT_EQ(trace.count("finalize"), 0U);
}

TEST_F(ServiceHostTest, ABadParameterIsAnEventAndNoFailure) {
    config.set_parameter("svc", "StopTimeout", fakes::text_value("soon"));
    start_and_wait("svc");
    EXPECT_EQ(events.count(ErrorCode::ConfigValueInvalid), 1U);
    stop_and_wait();
}

TEST_F(ServiceHostTest, UnreadableParametersAreAnEventAndNoFailure) {
    config.fail_parameters({ErrorCode::OperatingSystem, 5, "opening Parameters"});
    start_and_wait("svc");
    EXPECT_EQ(events.count(ErrorCode::OperatingSystem), 1U);
    stop_and_wait();
}

TEST_F(ServiceHostTest, AServiceWithoutAHandlerIsAnEventAndTheProcessEnds) {
    scm.fail_register(1060);
    start("svc");
    wait_until_closed();
    EXPECT_EQ(events.count(ErrorCode::RegisterHandlerFailed), 1U);
    EXPECT_EQ(engine.starts(), 0);
    EXPECT_EQ(process.codes().size(), 1U);
    EXPECT_NE(process.codes().front(), 0U);
}

TEST_F(ServiceHostTest, AnScmThatTakesNoStatusDoesNotKeepTheServiceFromEnding) {
    Gate& running = gate("running");
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        service->report(Running, accept::kStop);
        running.open();
        service->run_until_stop();
        return RunAnswer::returned();
    });
    scm.fail_statuses(1722);
    start("svc");
    running.wait();
    stop_and_wait();
    EXPECT_TRUE(states().empty());
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{0});
    EXPECT_EQ(events.count(ErrorCode::SetStatusFailed), 1U);
    EXPECT_NE(events.text(ErrorCode::SetStatusFailed).find("svc: START_PENDING"), std::string::npos);
}

TEST_F(ServiceHostTest, AStatusThatTheScmDoesNotTakeIsAnEventWhileTheServiceGoesOn) {
    Gate& go_on = gate("go_on");
    engine.on_run([&](const ServicePointer& service) {
        go_on.wait();
        return ordinary_class()(service);
    });
    start("svc");
    trace.wait_for("run svc");
    scm.fail_statuses(1722);
    go_on.open();
    events.wait_for(ErrorCode::SetStatusFailed);
    scm.fail_statuses(0);
    stop_and_wait();
    EXPECT_EQ(events.count(ErrorCode::SetStatusFailed), 1U);
    EXPECT_EQ(states().back(), Stopped);
}

// ---- the start
// ------------------------------------------------------------------------------------------------------

TEST_F(ServiceHostTest, TheFirstStatusComesBeforeAnyConfigurationIsRead) {
    std::vector<State> at_prepare;
    prepare = [&](const std::string&, const Settings&) { at_prepare = states(); };
    start_and_wait("svc");
    EXPECT_EQ(at_prepare, std::vector{StartPending});
    stop_and_wait();
}

TEST_F(ServiceHostTest, ProgressMovesTheCheckpointAndNothingElseDoes) {
    Gate& go_on = start_held();
    clock.pass(1s);  // what happened before this test began
    const auto checkpoint = scm.last("svc").check_point;
    clock.pass(20s);
    EXPECT_EQ(scm.last("svc").check_point, checkpoint) << "no progress, no checkpoint";
    EXPECT_EQ(scm.statuses("svc").front().wait_hint, 600s);

    host().api().progress(host().api().host, nullptr, PYSVC_PROGRESS_IMPORT);
    clock.pass(1s);
    EXPECT_EQ(scm.last("svc").check_point, checkpoint + 1);
    EXPECT_EQ(scm.last("svc").wait_hint, 578s) << "what is left of StartTimeout";
    go_on.open();
    scm.wait_for("svc", Running);
    stop_and_wait();
}

TEST_F(ServiceHostTest, AHeartbeatMovesTheCheckpointOfWhateverIsPending) {
    std::map<State, Gate*> gates{{StartPending, &gate("start")},
                                 {PausePending, &gate("pause")},
                                 {ContinuePending, &gate("continue")},
                                 {StopPending, &gate("stop")}};
    ServicePointer running;
    Gate& begin = gate("begin");
    engine.on_run([&](const ServicePointer& service) {
        const auto on_control = [&gates](const ServicePointer& self, const FakeControl& control) {
            if (control.control == control::kPause) {
                gates[PausePending]->wait();
                self->report(Paused, 3);
            } else if (control.control == control::kContinue) {
                gates[ContinuePending]->wait();
                self->report(Running, 3);
            } else {
                gates[StopPending]->wait();
                self->stop();
            }
            return ControlAnswer::returned();
        };
        service->register_handler([=](const FakeControl& control) { return on_control(service, control); });
        running = service;
        begin.open();
        gates[StartPending]->wait();
        service->report(Running, 3);
        return service->run_until_stop() ? RunAnswer::returned() : RunAnswer::exited(0);
    });
    const auto expect_moves_in = [&](State state) {
        scm.wait_for("svc", state);
        clock.wait_until_watched(1s);
        clock.pass(2s);  // what happened before
        const auto before = scm.last("svc");
        for (int i = 0; i < 100; ++i) running->heartbeat();
        clock.pass(1s);
        clock.pass(1s);
        // Two when the watchdog was awake at the first of them: one at once, one a second later for the others.
        const auto after = scm.last("svc");
        EXPECT_GE(after.check_point, before.check_point + 1) << state;
        EXPECT_LE(after.check_point, before.check_point + 2) << state;
        EXPECT_EQ(after.state, state);
        clock.pass(5s);
        EXPECT_EQ(scm.last("svc").check_point, after.check_point) << state;
        gates[state]->open();
    };
    start("svc");
    begin.wait();
    expect_moves_in(StartPending);
    scm.wait_for("svc", Running);
    running->heartbeat();
    EXPECT_EQ(scm.control("svc", control::kPause), 0U);
    scm.wait_for("svc", PausePending);
    clock.pass(2s);
    EXPECT_EQ(scm.last("svc").check_point, 1U) << "a heartbeat while running says nothing of the pause";
    expect_moves_in(PausePending);
    scm.wait_for("svc", Paused);
    EXPECT_EQ(scm.control("svc", control::kContinue), 0U);
    expect_moves_in(ContinuePending);
    scm.wait_for("svc", Running);
    EXPECT_EQ(scm.control("svc", control::kStop), 0U);
    expect_moves_in(StopPending);
    wait_until_closed();
}

TEST_F(ServiceHostTest, AHeartbeatOfAnotherHandleIsNobodys) {
    Gate& go_on = start_held();
    clock.pass(1s);
    const auto checkpoint = scm.last("svc").check_point;
    host().api().heartbeat(host().api().host, 0xDEAD);
    clock.pass(2s);
    EXPECT_EQ(scm.last("svc").check_point, checkpoint);
    go_on.open();
    scm.wait_for("svc", Running);
    stop_and_wait();
}

TEST_F(ServiceHostTest, AClassCannotShortenTheWaitHintOfTheStart) {
    engine.on_run([](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->report(StartPending, 0, {}, 5s);
        service->before_run();
        return RunAnswer::returned();
    });
    start("svc");
    wait_until_closed();
    for (const StatusRecord& status : scm.statuses("svc")) {
        EXPECT_TRUE(status.state != StartPending || status.wait_hint == 600s) << status.wait_hint.count();
    }
}

TEST_F(ServiceHostTest, StopBeforeTheHandlerIsRegisteredReachesItLater) {
    Gate& go_on = start_held();
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    EXPECT_EQ(states().back(), StopPending);
    go_on.open();
    wait_until_closed();
    EXPECT_EQ(states(), (std::vector{StartPending, StopPending, Stopped})) << "RUNNING came too late to be told";
    EXPECT_EQ(exit_of(), ExitStatus::success());
    EXPECT_EQ(trace.count("control 1"), 1U);
}

TEST_F(ServiceHostTest, StopBetweenHandlerAndRunningIsDelivered) {
    Gate& registered = gate("registered");
    Gate& go_on = gate("go_on");
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        registered.open();
        go_on.wait();
        service->before_run();
        service->report(Running, accept::kStop);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start("svc");
    registered.wait();
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    trace.wait_for("control 1");
    go_on.open();
    wait_until_closed();
    EXPECT_EQ(states(), (std::vector{StartPending, StopPending, Stopped}));
}

TEST_F(ServiceHostTest, AStopBeforeTheConfigurationIsReadKeepsItsDeadline) {
    // Only the console can be so early: Ctrl+C right after the start.
    Gate& at_prepare = gate("at_prepare");
    Gate& go_on = gate("go_on");
    config.set_parameter("svc", "StopTimeout", fakes::number_value(5'000));
    config.on_parameters = [&] {
        at_prepare.open();
        go_on.wait();
    };
    engine.on_run([&](const ServicePointer& service) {
        service->hang();
        return RunAnswer::returned();
    });
    start("svc");
    at_prepare.wait();
    EXPECT_EQ(scm.control("svc", control::kShutdown), win32::kNoError);
    go_on.open();
    trace.wait_for("run svc");
    EXPECT_EQ(events.count(ErrorCode::StopTimedOut), 0U);
    clock.advance(4s);  // WaitToKillServiceTimeout of the fake
    events.wait_for(ErrorCode::StopTimedOut);
}

TEST_F(ServiceHostTest, AStartWhileTheProcessIsClosingIsRefused) {
    Gate& finalizing = gate("finalizing");
    Gate& go_on = gate("go_on");
    engine.on_finalize = [&] {
        finalizing.open();
        go_on.wait();
    };
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    finalizing.wait();
    start("late");
    wait_until_stopped("late");
    EXPECT_EQ(states("late"), (std::vector{StartPending, Stopped}));
    EXPECT_EQ(exit_of("late"), (ExitStatus{win32::kShutdownInProgress, 0}));
    EXPECT_EQ(events.count(ErrorCode::HostClosing), 1U);
    EXPECT_EQ(scm.control("svc", 128), win32::kServiceCannotAcceptControl);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kServiceCannotAcceptControl);
    EXPECT_EQ(scm.control("svc", control::kPause), win32::kServiceCannotAcceptControl);
    EXPECT_EQ(scm.control("svc", control::kTriggerEvent), win32::kShutdownInProgress);
    EXPECT_EQ(scm.control("svc", control::kInterrogate), win32::kNoError);
    go_on.open();
    wait_until_closed();
}

// ---- the class and its status
// ---------------------------------------------------------------------------------------

TEST_F(ServiceHostTest, ASecondRunningIsNotSentAgainAndAnUnknownStateIsRefused) {
    std::optional<std::uint32_t> unknown;
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(Running, accept::kStop);
        service->report(Running, accept::kStop);
        unknown = service->report(static_cast<State>(9));
        return RunAnswer::returned();
    });
    start("svc");
    wait_until_closed();
    EXPECT_EQ(unknown, 13U);
    std::size_t running = 0;
    for (const StatusRecord& status : scm.statuses("svc")) running += status.state == Running ? 1 : 0;
    EXPECT_EQ(running, 1U);
}

TEST_F(ServiceHostTest, AHandleOfSomebodyElseIsNotHandled) {
    std::optional<std::uint32_t> answer = 0;
    engine.on_run([&](const ServicePointer& service) {
        answer = service->report_with(987654, Running, 0, {}, 0ms);
        return RunAnswer::returned();
    });
    start("svc");
    wait_until_closed();
    EXPECT_EQ(answer, std::nullopt);
}

TEST_F(ServiceHostTest, AClassWithoutAHandlerGetsRunningAndEndsBySystemExit) {
    engine.on_run([](const ServicePointer& service) {
        service->before_run();
        return service->run_until_stop() ? RunAnswer::returned() : RunAnswer::exited(0);
    });
    start_and_wait("svc");
    EXPECT_EQ(events.count(ErrorCode::NoControlHandler), 1U);
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop | accept::kShutdown);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    clock.advance(3s);
    wait_until_closed();
    EXPECT_EQ(trace.count("SystemExit in svc"), 1U);
    EXPECT_EQ(exit_of(), ExitStatus::success());
    EXPECT_EQ(trace.count("finalize"), 1U);
}

TEST_F(ServiceHostTest, AClassWithoutAHandlerThatWasStoppedWhileStartingEndsBySystemExit) {
    Gate& begin = gate("begin");
    Gate& go_on = gate("go_on");
    engine.on_run([&](const ServicePointer& service) {
        begin.open();
        go_on.wait();
        service->before_run();
        trace.add("in SvcRun");
        return service->run_until_stop() ? RunAnswer::returned() : RunAnswer::exited(0);
    });
    start("svc");
    begin.wait();
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    clock.wait_until_idle();
    go_on.open();
    trace.wait_for("in SvcRun");
    clock.advance(3s);
    wait_until_closed();
    EXPECT_EQ(states(), (std::vector{StartPending, StopPending, Stopped}));
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

// ---- debug
// ----------------------------------------------------------------------------------------------------------

class ServiceHostDebugTest : public HostTest {
protected:
    ServiceHostDebugTest() {
        door = PYSVC_DOOR_DEBUG;
        scm.handles_are_zero = true;
    }
};

TEST_F(ServiceHostDebugTest, HasNoHandleAndTheHostReportsRunning) {
    std::uint64_t handle = 99;
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        handle = service->handle();
        EXPECT_EQ(service->host().door(service->host().host), PYSVC_DOOR_DEBUG);
        EXPECT_EQ(service->host().set_debugging(service->host().host, -1), 1);
        EXPECT_EQ(service->host().running_as_service(service->host().host), 0);
        service->before_run();
        service->run_until_stop();
        return RunAnswer::exited(7);
    });
    start_and_wait("svc");
    EXPECT_EQ(handle, 0U);
    host().control_all(control::kStop);
    EXPECT_EQ(wait_until_closed(), 7U) << "-debug returns the exit code of the service";
    EXPECT_EQ(states(), (std::vector{StartPending, Running, StopPending, Stopped}));
    EXPECT_EQ(trace.count("finalize"), 1U);
}

TEST_F(ServiceHostDebugTest, AClassOfOurOwnReportsRunningItself) {
    Gate& go_on = gate("go_on");
    Gate& before = gate("before");
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler(
            [=](const FakeControl&) {
                service->stop();
                return ControlAnswer::returned();
            },
            PYSVC_HANDLER_RAW);
        service->before_run();
        before.open();
        go_on.wait();
        service->report(Running, accept::kStop);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start("svc");
    before.wait();
    EXPECT_EQ(scm.last("svc").state, StartPending);
    go_on.open();
    scm.wait_for("svc", Running);
    stop_and_wait();
}

TEST_F(ServiceHostDebugTest, AStatusReportedForHandleZeroIsHandled) {
    std::optional<std::uint32_t> answer;
    engine.on_run([&](const ServicePointer& service) {
        service->register_handler([=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        answer = service->report(Paused, accept::kStop);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start("svc");
    scm.wait_for("svc", Paused);
    host().control_all(control::kStop);
    wait_until_closed();
    EXPECT_EQ(answer, 0U);
}

TEST_F(ServiceHostDebugTest, ASecondCtrlCEndsTheProcessAtOnceWithStacks) {
    std::string printed;
    console = [&](int, std::string_view text) { printed = text; };
    start_and_wait("svc");
    host().end_at_once();
    EXPECT_NE(printed.find("in SvcDoRun"), std::string::npos) << printed;
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{1});
    EXPECT_EQ(process.stacks(), 1U);
    stop_and_wait();
}

TEST_F(ServiceHostDebugTest, AFoundClassNeedsNoRegistry) {
    table.emplace(ServiceTable::single(ClassSpec{"/opt/svc", "backup", "Backup"}));
    ServicePointer seen;
    engine.on_run([&](const ServicePointer& service) {
        seen = service;
        return RunAnswer::returned();
    });
    start("Backup");
    wait_until_closed();
    EXPECT_EQ(seen->directory, "/opt/svc");
    EXPECT_EQ(seen->module, "backup");
    EXPECT_EQ(seen->class_name, "Backup");
}

TEST_F(ServiceHostDebugTest, AScriptWithoutADispatcherMayRegisterAHandler) {
    // win32serviceutil.DebugService: the script runs the class itself and reacts
    // to Ctrl+C itself.
    host().adopt_engine(engine.api());
    std::uint64_t handle = 99;
    int callable = 0;
    const pysvc_host_api& api = host().api();
    EXPECT_EQ(api.register_handler(api.host, {"svc", 3}, &callable, 0, 0, &handle), win32::kNoError);
    EXPECT_EQ(handle, 0U);
    EXPECT_EQ(engine.released_objects(), std::vector<void*>{&callable});
}

// ---- the rest of the table for the engine
// ---------------------------------------------------------------------------

TEST_F(ServiceHostTest, TheTableAnswersWhatTheModuleAsks) {
    std::vector<std::pair<int, std::string>> printed;
    console = [&](int stream, std::string_view line) { printed.emplace_back(stream, line); };
    const pysvc_host_api& api = host().api();
    EXPECT_EQ(api.size, sizeof api);
    EXPECT_EQ(api.door(api.host), PYSVC_DOOR_SERVICE);
    EXPECT_EQ(api.running_as_service(api.host), 0);
    EXPECT_EQ(api.run_dispatcher(api.host), win32::kServiceAlreadyRunning);
    EXPECT_EQ(api.set_debugging(api.host, -1), 0);
    EXPECT_EQ(api.set_debugging(api.host, 5), 0);
    EXPECT_EQ(api.set_debugging(api.host, 0), 1);

    api.set_message_file(api.host, view("other.dll"));
    std::string file;
    api.message_file(api.host, {&file, [](void* context, const char* data, size_t size) {
                                    static_cast<std::string*>(context)->assign(data, size);
                                }});
    EXPECT_EQ(file, "other.dll");

    api.set_event_source(api.host, view("Mine"), 1);
    EXPECT_EQ(events.registrations().back(),
              (std::pair<std::string, EventFiles>{"Mine", {"other.dll", "messages.dll"}}));
    const pysvc_text inserts[] = {view("a"), view("b")};
    EXPECT_EQ(api.report_event(api.host, 4, 0x40001002, inserts, 2), 0U);
    EXPECT_EQ(events.entries().back().source, "Mine");
    EXPECT_EQ(events.entries().back().event.inserts, (std::vector<std::string>{"a", "b"}));
    events.fail_reports(1502);
    EXPECT_EQ(api.report_event(api.host, 4, 0x40001002, nullptr, 0), 1502U);

    api.write_line(api.host, 1, view("out"));
    api.write_line(api.host, 2, view("err"));
    api.log_warning(api.host, view("careful"));
    EXPECT_EQ(printed, (std::vector<std::pair<int, std::string>>{{1, "out"}, {2, "err"}}));
}

TEST_F(ServiceHostTest, NoHandlerCanBeRegisteredWithoutAService) {
    const pysvc_host_api& api = host().api();
    std::uint64_t handle = 0;
    int callable = 0;
    EXPECT_EQ(api.register_handler(api.host, view("svc"), &callable, 0, 0, &handle), win32::kInvalidName);
}

TEST_F(ServiceHostTest, RunningAsServiceOnceServiceMainWasCalled) {
    start_and_wait("svc");
    EXPECT_EQ(host().api().running_as_service(host().api().host), 1);
    stop_and_wait();
}

TEST_F(ServiceHostTest, PrepareToHostWithoutAClassMeansTheRegistry) {
    table.emplace(ServiceTable::empty());
    const pysvc_host_api& api = host().api();
    EXPECT_EQ(api.prepare_to_host_multiple(api.host, view("svc"), nullptr), 1);
    EXPECT_TRUE(std::holds_alternative<RegistryLookup>(*host().table().find("svc")));
    int object = 0;
    EXPECT_EQ(api.prepare_to_host_multiple(api.host, view("other"), &object), 1);
    EXPECT_EQ(std::get<ClassObject>(*host().table().find("other")).object, &object);
    EXPECT_EQ(api.prepare_to_host_single(api.host, nullptr), 0) << "several were prepared";
}

}  // namespace
}  // namespace pysvc
