// SPDX-License-Identifier: MIT
// Several services in one process.
#include "tests/unit/service/host_test.hpp"

#include <string_view>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using enum State;

class ServiceHostGroupTest : public HostTest {
protected:
    ServiceHostGroupTest() {
        table.emplace(ServiceTable::group({"one", "two", "three"}));
        for (const char* name : {"one", "two", "three"}) config.set_class(name, "module.Class");
    }

    void stop(const std::string& service) {
        EXPECT_EQ(scm.control(service, control::kStop), win32::kNoError);
        wait_until_stopped(service);
    }
    /// Starts `service` while another one is on py-main, and returns when it belongs to the process.
    void start_beside(const std::string& service) {
        Gate& admitted = gate("admission of " + service);
        config.on_parameters = [&] { admitted.open(); };
        start(service);
        admitted.wait();
    }
};

TEST_F(ServiceHostGroupTest, OneStopsWhileTheOtherRunsAndOnlyTheLastFinalises) {
    start_and_wait("one");
    start_and_wait("two");
    EXPECT_EQ(scm.last("one").type, ServiceType::ShareProcess);
    EXPECT_EQ(engine.starts(), 1) << "one interpreter";
    stop("one");
    EXPECT_EQ(trace.count("finalize"), 0U);
    EXPECT_FALSE(process.ended());
    EXPECT_EQ(states("two"), (std::vector{StartPending, Running}));
    EXPECT_EQ(scm.control("one", control::kStop), win32::kServiceCannotAcceptControl);

    stop_and_wait("two");
    EXPECT_EQ(trace.only({"one STOPPED", "finalize", "two STOPPED", "terminate"}),
              (std::vector<std::string>{"one STOPPED", "finalize", "two STOPPED", "terminate"}));
}

TEST_F(ServiceHostGroupTest, TheLastOneOnAServiceThreadIsClosedByPyMain) {
    std::thread::id py_main;
    std::thread::id other;
    std::thread::id finalized_on;
    engine.on_run("one", [&](const ServicePointer& service) {
        py_main = std::this_thread::get_id();
        return ordinary_class()(service);
    });
    engine.on_run("two", [&](const ServicePointer& service) {
        other = std::this_thread::get_id();
        return ordinary_class()(service);
    });
    engine.on_finalize = [&] { finalized_on = std::this_thread::get_id(); };
    start_and_wait("one");
    start_and_wait("two");
    stop("one");
    stop_and_wait("two");
    EXPECT_NE(other, py_main);
    EXPECT_EQ(finalized_on, py_main) << "Py_FinalizeEx wants the thread that initialised";
}

TEST_F(ServiceHostGroupTest, TheLastOneOnPyMainFinalisesThere) {
    start_and_wait("one");
    start_and_wait("two");
    stop("two");
    stop_and_wait("one");
    EXPECT_EQ(trace.count("finalize"), 1U);
}

TEST_F(ServiceHostGroupTest, AStoppedServiceCanBeStartedAgain) {
    start_and_wait("one");
    start_and_wait("two");
    stop("one");
    start("one");
    scm.wait_until("one", "the second instance of one to run", [](const std::vector<StatusRecord>& statuses) {
        return !statuses.empty() && statuses.back().state == Running;
    });
    EXPECT_EQ(states("one"), (std::vector{StartPending, Running}));
    stop("two");
    stop_and_wait("one");
    EXPECT_EQ(engine.starts(), 1);
    EXPECT_EQ(trace.count("finalize"), 1U);
}

TEST_F(ServiceHostGroupTest, OneThatFailsLeavesTheOthersAlone) {
    start_and_wait("one");
    engine.on_run("two", [](const ServicePointer&) { return RunAnswer::raised("Traceback"); });
    start("two");
    wait_until_stopped("two");
    EXPECT_EQ(exit_of("two"), ExitStatus::service_specific(0x20000001));
    config.set_class("three", "");
    start("three");
    wait_until_stopped("three");
    EXPECT_EQ(exit_of("three"), ExitStatus::service_specific(1));
    EXPECT_EQ(states("one"), (std::vector{StartPending, Running}));
    stop_and_wait("one");
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{0}) << "the code of the last service";
}

TEST_F(ServiceHostGroupTest, ANameThatIsNotInTheGroupIsRefused) {
    start_and_wait("one");
    start("stranger");
    wait_until_stopped("stranger");
    EXPECT_EQ(states("stranger"), (std::vector{StartPending, Stopped}));
    EXPECT_EQ(exit_of("stranger"), ExitStatus::service_specific(1));
    EXPECT_EQ(events.count(ErrorCode::ServiceUnknown), 1U);
    stop_and_wait("one");
}

TEST_F(ServiceHostGroupTest, AProcessWhoseOnlyServiceIsRefusedEnds) {
    std::string prepared;
    prepare = [&](const std::string& service, const Settings&) { prepared = service; };
    start("stranger");
    EXPECT_EQ(wait_until_closed(), 1U);
    EXPECT_EQ(prepared, "stranger") << "nobody else opens a log for the event";
    EXPECT_EQ(exit_of("stranger"), ExitStatus::service_specific(1));
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{1});
}

TEST_F(ServiceHostGroupTest, ServicesRegisterUnderTheirOwnNames) {
    std::uint32_t stranger = 0;
    std::uint32_t own = 99;
    engine.on_run("one", [&](const ServicePointer& service) {
        stranger = service->register_handler_as("stranger", {});
        own = service->register_handler_as("ONE", [=](const FakeControl&) {
            service->stop();
            return ControlAnswer::returned();
        });
        service->before_run();
        service->report(Running, accept::kStop);
        service->run_until_stop();
        return RunAnswer::returned();
    });
    start_and_wait("one");
    EXPECT_EQ(stranger, win32::kInvalidName);
    EXPECT_EQ(own, win32::kNoError);
    stop_and_wait("one");
    EXPECT_EQ(engine.released_objects().size(), 1U);
}

TEST_F(ServiceHostGroupTest, ControlsGoToTheirOwnService) {
    start_and_wait("one");
    start_and_wait("two");
    stop("two");
    EXPECT_EQ(states("one").back(), Running);
    stop_and_wait("one");
}

TEST_F(ServiceHostGroupTest, TheConsoleStopsAllOfThem) {
    start_and_wait("one");
    start_and_wait("two");
    host().control_all(control::kStop);
    wait_until_closed();
    EXPECT_EQ(states("one").back(), Stopped);
    EXPECT_EQ(states("two").back(), Stopped);
}

TEST_F(ServiceHostGroupTest, AHungServiceIsAbandonedAndItsRestartRefused) {
    engine.on_run("two", hanging_class());
    start_and_wait("one");
    start_and_wait("two");
    EXPECT_EQ(scm.control("two", control::kStop), win32::kNoError);
    clock.advance(180s);
    wait_until_stopped("two");
    EXPECT_EQ(exit_of("two"), (ExitStatus{win32::kNoError, error_info(ErrorCode::StopTimedOut).exit_code}));
    EXPECT_FALSE(process.ended()) << "the other one is active";

    start("two");
    scm.wait_until("two", "the restart to be refused",
                   [](const std::vector<StatusRecord>& statuses) { return statuses.size() == 2; });
    EXPECT_EQ(exit_of("two"), ExitStatus::service_specific(error_info(ErrorCode::PreviousInstanceRunning).exit_code));
    EXPECT_EQ(events.count(ErrorCode::PreviousInstanceRunning), 1U);

    stop_and_wait("one");
    EXPECT_EQ(trace.count("finalize"), 0U) << "its thread is still inside Python";
    EXPECT_EQ(trace.count("terminate"), 1U);
    EXPECT_EQ(exit_of("one"), ExitStatus::success());
}

TEST_F(ServiceHostGroupTest, AServiceThatHangsOnPyMainDoesNotKeepTheProcessFromEnding) {
    engine.on_run("one", hanging_class());
    start_and_wait("one");
    start_and_wait("two");
    EXPECT_EQ(scm.control("one", control::kStop), win32::kNoError);
    clock.advance(180s);
    wait_until_stopped("one");
    stop_and_wait("two");
    EXPECT_EQ(exit_of("two"), ExitStatus::success());
    EXPECT_EQ(trace.count("finalize"), 0U);
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{0});
}

TEST_F(ServiceHostGroupTest, AServiceThatStartsLaterHasItsDeadlinesToo) {
    start_and_wait("one");
    clock.wait_until_idle();  // nothing is due: the watchdog sleeps without an end
    engine.on_run("two", [](const ServicePointer& service) {
        service->hang();
        return RunAnswer::returned();
    });
    start("two");
    trace.wait_for("run two");
    clock.advance(600s);
    wait_until_stopped("two");
    EXPECT_EQ(exit_of("two"), ExitStatus::service_specific(error_info(ErrorCode::StartTimedOut).exit_code));
    EXPECT_EQ(states("one").back(), Running);
    stop_and_wait("one");
}

TEST_F(ServiceHostGroupTest, AServiceDoesNotWaitForAnEngineThatTheFirstNeverStarts) {
    // The first one fails before Python is needed; the second one was given a
    // thread of its own meanwhile.
    Gate& first_is_busy = gate("first_is_busy");
    Gate& go_on = gate("go_on");
    prepare = [&](const std::string& service, const Settings&) {
        if (service != "one") return;
        first_is_busy.open();
        go_on.wait();
    };
    config.set_class("one", "");
    start("one");
    first_is_busy.wait();
    start_beside("two");
    go_on.open();
    wait_until_stopped("one");
    scm.wait_for("two", Running);
    stop_and_wait("two");
    EXPECT_EQ(engine.starts(), 1);
}

TEST_F(ServiceHostGroupTest, AFailedEngineFailsEveryService) {
    Gate& starting = gate("starting");
    Gate& go_on = gate("go_on");
    engine.on_start = [&](const auto&) -> Result<void> {
        starting.open();
        go_on.wait();
        return failure(ErrorCode::PythonLoadFailed, 126, "python313.dll");
    };
    start("one");
    starting.wait();
    start_beside("two");
    go_on.open();
    wait_until_closed();
    const auto expected = ExitStatus::service_specific(error_info(ErrorCode::PythonLoadFailed).exit_code);
    EXPECT_EQ(exit_of("one"), expected);
    EXPECT_EQ(exit_of("two"), expected);
    EXPECT_EQ(engine.starts(), 1) << "tried once in a process";
}

TEST_F(ServiceHostGroupTest, ManyServicesStartAndStopAtOnce) {
    std::vector<std::string> names;
    for (int i = 0; i < 20; ++i) names.push_back("svc" + std::to_string(i));
    table.emplace(ServiceTable::group(names));
    for (const std::string& name : names) config.set_class(name, "module.Class");
    for (const std::string& name : names) start(name);
    for (const std::string& name : names) scm.wait_for(name, Running);
    std::vector<std::thread> senders;
    for (const std::string& name : names) {
        senders.emplace_back([this, name] { EXPECT_EQ(scm.control(name, control::kStop), win32::kNoError); });
    }
    for (std::thread& sender : senders) sender.join();
    wait_until_closed();
    for (const std::string& name : names) {
        EXPECT_EQ(states(name), (std::vector{StartPending, Running, StopPending, Stopped})) << name;
    }
    EXPECT_EQ(trace.count("finalize"), 1U);
    EXPECT_EQ(trace.count("terminate"), 1U);
    EXPECT_EQ(engine.attached(), 0);
}

TEST_F(ServiceHostGroupTest, StoppedThatWaitsForAHandlerDoesNotDeadlock) {
    // Wine's rule with a sender that waits for an answer of Python.
    scm.stopped_waits_for_handler = true;
    config.set_parameter("two", "ControlReplyWait", fakes::number_value(25'000));
    Gate& go_on = gate("go_on");
    engine.on_run("two", ordinary_class(accept::kStop, [&](const ServicePointer& service, const FakeControl& control) {
                      if (control.control == 128) {
                          service->stop();
                          go_on.wait();
                      }
                      return std::optional<ControlAnswer>();
                  }));
    start_and_wait("one");
    start_and_wait("two");
    std::thread sender([&] { scm.control("two", 128); });
    trace.wait_for("control 128");
    go_on.open();
    wait_until_stopped("two");
    sender.join();
    stop_and_wait("one");
}

}  // namespace
}  // namespace pysvc
