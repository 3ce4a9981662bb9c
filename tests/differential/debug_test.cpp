// SPDX-License-Identifier: MIT
// pywin32.md 1.7: `-debug NAME`.
#include "tests/differential/comparison.hpp"
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/console.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

void observe_line(HostRun& run, const std::string& behaviour, std::string output, const std::string& fragment) {
    // pywin32 writes UTF-16 into a pipe, as its C library has it for wide output.
    std::erase(output, '\0');
    const auto at = output.find(fragment);
    if (at == output.npos) return run.observe(behaviour, "(not shown)");
    const auto begin = output.rfind('\n', at) + 1;
    const auto end = output.find_first_of("\r\n", at);
    run.observe(behaviour, output.substr(begin, end - begin));
}

TEST(Debug, UntilCtrlC) {
    provide_console();
    compare_hosts([](HostRun& run) {
        run.host_class("debugged.Service");
        Command command(executable_of(run.host()), {"-debug", run.service().name(), "an argument"}, {});
        (void)run.report().wait("running");
        press_ctrl_c();
        run.observe("debug/exit code", command.wait());
        observe_line(run, "debug/shown information", command.output(), "an information");
        observe_line(run, "debug/shown warning", command.output(), "a warning");
        observe_line(run, "debug/shown error", command.output(), "- an error");
    });
}

TEST(Debug, UntilTheServiceEnds) {
    provide_console();
    compare_hosts([](HostRun& run) {
        run.host_class("debugged.Ends");
        Command command(executable_of(run.host()), {"/DEBUG", run.service().name()}, {});
        run.observe("debug/exit code of a service that ends", command.wait());
    });
}

TEST(Debug, OfAServiceThatFails) {
    provide_console();
    compare_hosts([](HostRun& run) {
        run.host_class("debugged.Raises");
        Command command(executable_of(run.host()), {"-debug", run.service().name()}, {});
        run.observe("debug/exit code of a service that fails", command.wait());
        run.observe("debug/shows the exception",
                    std::to_string(command.output().find("ValueError: SvcRun failed") != std::string::npos));
    });
}

TEST(Debug, WithoutAName) {
    provide_console();
    compare_hosts([](HostRun& run) {
        Command command(executable_of(run.host()), {"-debug"}, run.folder());
        run.observe("debug/exit code without a name", command.wait());
    });
}

}  // namespace
}  // namespace pysvc::test
