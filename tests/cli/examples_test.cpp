// SPDX-License-Identifier: MIT
// The examples of docs/pythonservice.md, as their reader would try them.
#include "tests/cli/debugged_program.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace pysvc {
namespace {

using cli_tests::DebuggedProgram;

struct Example {
    std::string script;
    std::vector<std::string> arguments;
    std::vector<std::string> lines;  ///< what it prints, in this order, before it is stopped
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.script; }

class Examples : public testing::TestWithParam<Example> {};

TEST_P(Examples, RunInDebugModeUntilTheyAreStopped) {
    DebuggedProgram program(PYSVC_EXAMPLES + ("/" + GetParam().script), GetParam().arguments);
    for (const std::string& line : GetParam().lines) ASSERT_TRUE(program.prints(line)) << line << "\n" << program.text();
    program.send(SIGINT);
    EXPECT_EQ(program.exit_code(), 0) << program.text();
    EXPECT_TRUE(program.prints(": STOPPED\n")) << program.text();
    EXPECT_EQ(program.text().find("Traceback"), std::string::npos) << program.text();
}

INSTANTIATE_TEST_SUITE_P(
    Documented, Examples,
    testing::Values(Example{"cleaner.py", {"0.01"}, {"Cleaner: RUNNING\n", "cleaning up\n", "cleaning up\n"}},
                    Example{"echo.py", {"0"}, {"Echo: START_PENDING\n", "listening on ('127.0.0.1', ", "Echo: RUNNING\n"}},
                    Example{"importer.py", {}, {"loading index 3 of 3\n", "Importer: RUNNING\n", "importing\n"}},
                    Example{"watcher.py", {}, {"Watcher: RUNNING\n", "Info 0x400000FF - watching\n"}}),
    [](const auto& tested) { return tested.param.script.substr(0, tested.param.script.find('.')); });

}  // namespace
}  // namespace pysvc
