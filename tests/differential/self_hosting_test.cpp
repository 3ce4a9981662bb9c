// SPDX-License-Identifier: MIT
// pywin32.md 1.2 as a script meets it that hosts its service itself, in python.exe.
#include "tests/differential/comparison.hpp"
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

/// Scenes of self_hosted.py that need no SCM.
class Scenes : public ::testing::TestWithParam<const char*> {};

TEST_P(Scenes, OutsideOfTheScm) {
    compare_hosts([](HostRun& run) {
        Command command(python_executable(), run.script_arguments("self_hosted.py", {GetParam()}), run.folder());
        EXPECT_EQ(command.wait(), 0u) << command.output();
        (void)run.report().wait("scene ended");
    });
}

INSTANTIATE_TEST_SUITE_P(SelfHosting, Scenes,
                         ::testing::Values("no_scm", "nothing_prepared", "arguments", "single_then_multiple",
                                           "multiple_then_single", "repeated_names", "many_names", "debug_service"),
                         [](const auto& information) { return std::string(information.param); });

TEST(SelfHosting, OneService) {
    compare_hosts([](HostRun& run) {
        run.host_script("self_hosted.py", {"single"});
        run.start({"an argument"});
        (void)run.report().wait("done");
        EXPECT_EQ(run.service().control(128), 0u);
        run.observe("self-hosting/end", run.stop());
    });
}

TEST(SelfHosting, FirstOfSeveralServices) {
    compare_hosts([](HostRun& run) {
        run.host_script("self_hosted.py", {"multiple", run.service().name()});
        run.start();
        (void)run.report().wait("done");
        run.observe("self-hosting/end of one of several", run.stop());
    });
}

}  // namespace
}  // namespace pysvc::test
