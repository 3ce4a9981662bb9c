// SPDX-License-Identifier: MIT
// pywin32.md 1.7: controls that only the system sends, and what the handler answers it: over the pipe of Wine's SCM, since
// ControlService tells its caller nothing of an answer. Wine's pipe has no room for event types, so they are 0.
#include "tests/differential/comparison.hpp"
#include "tests/scm/fake_scm.hpp"

#include <gtest/gtest.h>

#include <dbt.h>
#include <wtsapi32.h>

namespace pysvc::test {
namespace {

void launch(HostRun& run, FakeScm& scm, const std::string& class_string) {
    run.host_class(class_string);
    // Ours goes by its parent, which is this program here.
    scm.launch_line(run.image_path() + (run.is_here() ? " --service" : ""));
    ASSERT_EQ(scm.start(run.service().name()), 0u);
    // The real SCM, which is told the status, knows of no start: it may have STOPPED until then.
    ASSERT_TRUE(wait_until([&] { return run.service().state() == SERVICE_RUNNING; }));
}

void end(HostRun& run, FakeScm& scm, DWORD control) {
    run.observe("control-answer/of the end by " + std::to_string(control), scm.control(run.service().name(), control));
    EXPECT_TRUE(wait_until([&] { return run.service().state() == SERVICE_STOPPED; }));
    scm.wait_for_end();
}

TEST(SystemControls, BringTheirData) {
    compare_hosts([](HostRun& run) {
        FakeScm scm;
        launch(run, scm, "handlers.FromTheSystem");
        const DEV_BROADCAST_HDR device{sizeof device, DBT_DEVTYP_DEVICEINTERFACE, 0};
        const WTSSESSION_NOTIFICATION session{sizeof session, 7};
        const LARGE_INTEGER times[2] = {};
        const std::pair<DWORD, std::string> controls[] = {
            {SERVICE_CONTROL_DEVICEEVENT, bytes_of(device)}, {SERVICE_CONTROL_HARDWAREPROFILECHANGE, ""},
            {SERVICE_CONTROL_POWEREVENT, ""},                {SERVICE_CONTROL_SESSIONCHANGE, bytes_of(session)},
            {16, bytes_of(times)},                           {32, ""},
            {200, ""}};
        for (const auto& [control, data] : controls) {
            EXPECT_EQ(scm.control(run.service().name(), control, data), 0u) << control;
            (void)run.report().wait("told " + std::to_string(control));
        }
        end(run, scm, SERVICE_CONTROL_SHUTDOWN);
    });
}

TEST(SystemControls, PreshutdownEndsTheService) {
    compare_hosts([](HostRun& run) {
        FakeScm scm;
        launch(run, scm, "handlers.FromTheSystem");
        end(run, scm, 15);
    });
}

/// Sends them to a class that answers each in another way, and notes what the handler makes of it.
void observe_answers(HostRun& run, FakeScm& scm, const std::string& behaviour, std::vector<DWORD> controls) {
    for (DWORD control = 128; control <= 141; ++control) controls.push_back(control);
    for (const DWORD control : controls) {
        run.observe(behaviour + ' ' + std::to_string(control), scm.control(run.service().name(), control));
        (void)run.report().wait("told " + std::to_string(control));
    }
    EXPECT_EQ(scm.control(run.service().name(), SERVICE_CONTROL_STOP), 0u);
    EXPECT_TRUE(wait_until([&] { return run.service().state() == SERVICE_STOPPED; }));
    scm.wait_for_end();
}

TEST(SystemControls, AreAnsweredByTheClass) {
    compare_hosts([](HostRun& run) {
        FakeScm scm;
        launch(run, scm, "handlers.AnswersTheSystem");
        observe_answers(run, scm, "control-answer/to the system", {12, 13, 16});
    });
}

TEST(SystemControls, AreAnsweredByTheClassWithControlReplyWait) {
    compare_hosts([](HostRun& run) {
        // Read by our host alone: its answers are then those of pywin32's.
        run.service().set("ControlReplyWait", 20'000);
        FakeScm scm;
        launch(run, scm, "handlers.AnswersTheSystem");
        observe_answers(run, scm, "control-answer/with ControlReplyWait", {});
    });
}

}  // namespace
}  // namespace pysvc::test
