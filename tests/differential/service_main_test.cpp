// SPDX-License-Identifier: MIT
// pywin32.md 1.7: the way of a service from its import to its end.
#include "tests/differential/comparison.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

TEST(ServiceMain, CallsInTheirOrder) {
    compare_hosts([](HostRun& run) {
        run.host_class("ordered.Ordered");
        run.start({"first", "", "with space", "Gr\xC3\xBC\xC3\x9F" "e \xE6\x9C\x8D\xE5\x8A\xA1", "quote\"", "back\\slash\\"});
        EXPECT_EQ(run.service().control(128), 0u);
        (void)run.report().wait("told 128");
        run.observe("statuses/type", run.service().status().dwServiceType);
        run.observe("statuses/end", run.stop());
    });
}

TEST(ServiceMain, Surroundings) {
    compare_hosts([](HostRun& run) {
        run.host_class("life.Surroundings");
        run.start();
        (void)run.report().wait("done");
        EXPECT_EQ(run.stop(), kSuccess);
    });
}

TEST(ServiceMain, StartReturnsToItsCaller) {
    compare_hosts([](HostRun& run) {
        run.host_class("life.WaitsInConstructor");
        auto started = run.start_beside();
        (void)run.report().wait("constructing");
        // Under Wine the SCM answers nobody about a service that it is starting: nothing else can be asked yet.
        const auto patience = run.is_here() ? std::chrono::milliseconds(kPatience) : std::chrono::milliseconds(500);
        run.observe("statuses/StartService returns while the constructor runs",
                    std::to_string(started.wait_for(patience) == std::future_status::ready));
        run.report().permit("constructor");
        (void)run.report().wait("constructed");
        run.report().permit("run");
        EXPECT_EQ(started.get(), 0u);
        run.service().wait_for(SERVICE_RUNNING);
        run.observe("statuses/hint of RUNNING", run.service().status().dwWaitHint);
        run.observe("statuses/checkpoint of RUNNING", run.service().status().dwCheckPoint);
        EXPECT_EQ(run.stop(), kSuccess);
    });
}

/// A class, or a class string, whose service ends by itself.
struct Ending {
    const char* name;
    const char* class_string;
    const char* what;
};

class Endings : public ::testing::TestWithParam<Ending> {};

TEST_P(Endings, ExitCodeAndEvents) {
    compare_hosts([](HostRun& run) {
        const Ending& ending = GetParam();
        run.host_class(ending.class_string);
        run.observe(std::string("endings/") + ending.what, run.run_to_its_end());
        run.observe(std::string("endings/events when ") + ending.what, run.host_events());
    });
}

INSTANTIATE_TEST_SUITE_P(
    ServiceMain, Endings,
    ::testing::Values(
        Ending{"RunReturns", "life.RunReturns", "SvcRun returns"}, Ending{"RunRaises", "life.RunRaises", "SvcRun raises"},
        Ending{"RunExits0", "life.RunExits0", "SvcRun raises SystemExit(0)"},
        Ending{"RunExits3", "life.RunExits3", "SvcRun raises SystemExit(3)"},
        Ending{"ReportsStopped", "life.ReportsStoppedItself", "the class reports STOPPED with a code"},
        Ending{"ConstructorRaises", "life.ConstructorRaises", "the constructor raises"},
        Ending{"ConstructorExits", "life.ConstructorExits", "the constructor raises SystemExit"},
        Ending{"ConstructorTakesNothing", "life.ConstructorTakesNothing", "the constructor takes no argument"},
        Ending{"NoRunMethod", "life.NoRunMethod", "SvcRun cannot be called"},
        Ending{"NoRunAttribute", "life.NoRunAttribute", "there is no SvcRun"},
        Ending{"Function", "life.not_a_class", "the class is a function"},
        Ending{"Number", "life.NUMBER", "the class is a number"},
        Ending{"ModuleMissing", "no_such_module.Service", "the module is missing"},
        Ending{"ClassMissing", "life.NoSuchClass", "the class is missing"},
        Ending{"ImportFails", "import_fails.Service", "the module cannot be imported"}),
    [](const auto& information) { return information.param.name; });

}  // namespace
}  // namespace pysvc::test
