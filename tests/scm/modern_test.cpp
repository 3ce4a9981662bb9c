// SPDX-License-Identifier: MIT
// Services on pythonservice.Service, and the examples of its page.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc::test {
namespace {

TEST(Modern, RunsUntilItIsStopped) {
    TestService service("modern.Plain");
    service.start({"an argument"});
    EXPECT_EQ(service.status().dwControlsAccepted, static_cast<DWORD>(SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN));
    EXPECT_EQ(service.report().wait("args"), "('" + service.name() + "', 'an argument')");
    EXPECT_EQ(service.report().wait("main thread"), "True");
    RecordProperty("import_ms", service.report().wait("imported in ms"));
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("stopped"), "True");
    EXPECT_TRUE(logged_nothing(service, "error"));
    EXPECT_TRUE(logged_nothing(service, "warning"));
}

TEST(Modern, ACoroutineHasTheProactorLoopAndIsCancelled) {
    TestService service("modern.Asynchronous");
    service.start();
    EXPECT_EQ(service.report().wait("loop"), "'ProactorEventLoop'");
    EXPECT_EQ(service.report().wait("child"), "b'42'");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("cancelled"), "True");
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(Modern, ACoroutineThatAwaitsStoppingEndsByItself) {
    TestService service("modern.Draining");
    service.start();
    (void)service.report().wait("running");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(service.report().has("drained"));
}

TEST(Modern, IsRunningWhenItIsReadyAndHeartbeatsMoveTheCheckpoint) {
    TestService service("modern.Late");
    ASSERT_EQ(service.try_start(), 0u);
    (void)service.report().wait("starting");
    const DWORD before = service.status().dwCheckPoint;
    EXPECT_TRUE(wait_until([&] { return service.status().dwCheckPoint >= before + 2; }));
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_START_PENDING));
    service.report().permit("ready");
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Modern, PausesContinuesAndHearsOfCustomControls) {
    TestService service("modern.Told");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    service.wait_for(SERVICE_PAUSED);
    EXPECT_EQ(service.control(SERVICE_CONTROL_CONTINUE), 0u);
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.control(200), 0u);
    EXPECT_EQ(service.report().wait("CustomEvent"), "'CustomEvent(control=200)'");
    EXPECT_EQ(service.control(SERVICE_CONTROL_PARAMCHANGE), 0u);
    EXPECT_EQ(service.report().wait("ParamChangeEvent"), "'ParamChangeEvent()'");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().keys().front(), "pause");
}

TEST(Modern, AnExceptionInACoroutineFailsTheService) {
    TestService service("modern.Raises");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20000001));
    EXPECT_TRUE(service.log().contains("OSError: disk")) << service.log().text();
}

TEST(Modern, AnExitCodeIsTheServices) {
    TestService service("modern.Exits");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(7));
}

TEST(Modern, ExamplesRun) {
    const struct {
        const char* class_string;
        std::vector<std::string> arguments;
        const char* line;
    } examples[] = {
        {"cleaner.Cleaner", {"0.05"}, "cleaning up"},
        {"echo.Echo", {"0"}, "listening on ('127.0.0.1', "},
        {"importer.Importer", {}, "importing"},
        {"watcher.Watcher", {}, "watching"},
    };
    for (const auto& example : examples) {
        TestService service(example.class_string);
        service.start(example.arguments);
        EXPECT_TRUE(wait_until([&] { return service.log().contains(example.line); })) << service.log().text();
        EXPECT_EQ(service.stop(), kSuccess) << example.class_string;
        EXPECT_TRUE(logged_nothing(service, "error"));
    }
}

}  // namespace
}  // namespace pysvc::test
