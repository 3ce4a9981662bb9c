// SPDX-License-Identifier: MIT
// pywin32.md 1.7: what a handler gets, and what the sender of the control is answered.
#include "tests/differential/comparison.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

/// Sends it, waits until the class was told, and notes the answer.
void send(HostRun& run, const std::string& row, DWORD control) {
    run.observe(row + ' ' + std::to_string(control), run.service().control(control));
    (void)run.report().wait("told " + std::to_string(control));
}

/// One that the service does not accept or that nobody may send.
void send_refused(HostRun& run, const std::string& row, DWORD control) {
    run.observe(row + ' ' + std::to_string(control), run.service().control(control));
}

TEST(Controls, WithOneArgument) {
    compare_hosts([](HostRun& run) {
        run.host_class("handlers.OneArgument");
        run.start();
        run.observe("statuses/accepted by the class's own report", run.service().status().dwControlsAccepted);
        for (const DWORD control : {6, 7, 8, 9, 10, 128, 129, 200, 255}) send(run, "control-answer/one argument", control);
        EXPECT_EQ(run.stop(), kSuccess);
        (void)run.report().wait("control-thread/is that of SvcRun");
    });
}

TEST(Controls, WithThreeArguments) {
    compare_hosts([](HostRun& run) {
        run.host_class("handlers.ThreeArguments");
        run.start();
        for (const DWORD control : {6, 7, 8, 9, 10, 128, 130, 255}) send(run, "control-answer/three arguments", control);
        EXPECT_EQ(run.stop(), kSuccess);
    });
}

TEST(Controls, AnswersOfTheClass) {
    compare_hosts([](HostRun& run) {
        run.host_class("handlers.Answers");
        run.start();
        for (DWORD control = 128; control <= 141; ++control) send(run, "control-answer/result of the class", control);
        run.observe("control-answer/state after all of them", run.service().state());
        EXPECT_EQ(run.stop(), kSuccess);
        run.observe("control-answer/events of bad results", run.host_events());
    });
}

TEST(Controls, OfTheFramework) {
    compare_hosts([](HostRun& run) {
        run.host_class("handlers.Framework");
        run.start();
        run.observe("framework/accepted by the SCM", run.service().status().dwControlsAccepted);
        for (const DWORD control : {6, 7, 8, 9, 10, 128, 255}) send(run, "framework/answer to", control);
        send_refused(run, "framework/answer to", SERVICE_CONTROL_INTERROGATE);
        run.observe("framework/state after INTERROGATE", run.service().state());
        send(run, "framework/answer to", SERVICE_CONTROL_PAUSE);
        run.service().wait_for(SERVICE_PAUSED);
        run.observe("framework/state after PAUSE", run.service().state());
        send(run, "framework/answer to", SERVICE_CONTROL_CONTINUE);
        run.service().wait_for(SERVICE_RUNNING);
        run.observe("framework/state after CONTINUE", run.service().state());
        run.observe("framework/end", run.stop());
    });
}

TEST(Controls, ThatAreNotAccepted) {
    compare_hosts([](HostRun& run) {
        run.host_class("handlers.StopOnly");
        run.start();
        run.observe("framework/accepted with SvcStop alone", run.service().status().dwControlsAccepted);
        for (const DWORD control : {2, 3, 5, 6, 7, 11, 13, 14, 127}) send_refused(run, "framework/refusal of", control);
        send(run, "framework/SvcOther answer to", 128);
        run.observe("framework/end with SvcStop alone", run.stop());
        run.observe("framework/STOP of a stopped service", run.service().control(SERVICE_CONTROL_STOP));
    });
}

TEST(Controls, OfAServiceThatIsStopping) {
    compare_hosts([](HostRun& run) {
        run.host_class("handlers.StopsLater");
        run.start();
        send(run, "framework/first STOP", SERVICE_CONTROL_STOP);
        run.service().wait_for(SERVICE_STOP_PENDING);
        run.observe("framework/accepted while stopping", run.service().status().dwControlsAccepted);
        run.observe("framework/second STOP", run.service().control(SERVICE_CONTROL_STOP));
        run.observe("framework/128 while stopping", run.service().control(128));
        run.report().permit("end");
        EXPECT_EQ(run.service().wait_for_stopped(), kSuccess);
    });
}

TEST(Controls, SecondHandlerReplacesTheFirst) {
    compare_hosts([](HostRun& run) {
        run.host_class("handlers.SecondHandler");
        run.start();
        (void)run.report().wait("RegisterServiceCtrlHandler/second handle is the same");
        send(run, "control-answer/second handler", 128);
        EXPECT_EQ(run.stop(), kSuccess);
    });
}

}  // namespace
}  // namespace pysvc::test
