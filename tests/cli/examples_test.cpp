// SPDX-License-Identifier: MIT
// The examples of docs/pythonservice.md, as their reader would try them.
#include "tests/cli/debugged_program.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
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

class DocumentedExample : public testing::TestWithParam<Example> {};

TEST_P(DocumentedExample, RunInDebugModeUntilTheyAreStopped) {
    DebuggedProgram program(PYSVC_EXAMPLES + ("/" + GetParam().script), GetParam().arguments);
    for (const std::string& line : GetParam().lines) ASSERT_TRUE(program.prints(line)) << line << "\n" << program.text();
    program.send(SIGINT);
    EXPECT_EQ(program.exit_code(), 0) << program.text();
    EXPECT_TRUE(program.prints(": STOPPED\n")) << program.text();
    EXPECT_EQ(program.text().find("Traceback"), std::string::npos) << program.text();
}

TEST(Examples, AScriptRunByPythonIsDebuggedByTheProgram) {
    const std::string folder = std::filesystem::path(PYSVC_PROGRAM).parent_path();
    const auto words_of = [&](std::vector<std::string> arguments) {
        std::vector<std::string> words{"/usr/bin/env", "PATH=" + folder, "PYTHONPATH=" PYSVC_PYTHON_MODULES,
                                       PYSVC_PYTHON, PYSVC_EXAMPLES "/cleaner.py"};
        words.insert(words.end(), arguments.begin(), arguments.end());
        return words;
    };
    cli_tests::RunningProgram debugged(words_of({"debug", "0.01"}));
    ASSERT_TRUE(debugged.prints("Cleaner: RUNNING\n")) << debugged.text();
    ASSERT_TRUE(debugged.prints("cleaning up\n")) << debugged.text();
    debugged.send(SIGTERM);
    EXPECT_EQ(debugged.exit_code(), 0) << debugged.text();

    cli_tests::RunningProgram without_command(words_of({}));
    ASSERT_TRUE(without_command.prints("Cleaner: RUNNING\n")) << without_command.text();
    without_command.send(SIGINT);
    EXPECT_EQ(without_command.exit_code(), 0) << without_command.text();

    cli_tests::RunningProgram started(words_of({"start"}));
    EXPECT_EQ(started.exit_code(), 50) << started.text();
    EXPECT_TRUE(started.prints("needs Windows")) << started.text();
}

TEST(Examples, CanBeTestedWithoutAHost) {
    cli_tests::RunningProgram python({"/usr/bin/env", "PYTHONPATH=" PYSVC_PYTHON_MODULES ":" PYSVC_EXAMPLES, PYSVC_PYTHON,
                                      "-B", "-c",
                                      "import threading, cleaner, echo, importer, watcher\n"
                                      "from pythonservice import SessionChange, SessionEvent\n"
                                      "watcher.Watcher().on_session(SessionEvent(SessionChange.LOGON, 1))\n"
                                      "service = cleaner.Cleaner()\n"
                                      "running = threading.Thread(target=service.run)\n"
                                      "running.start()\n"
                                      "service.stop()\n"
                                      "running.join(30)\n"
                                      "print('alive:', running.is_alive())\n"});
    EXPECT_EQ(python.exit_code(), 0) << python.text();
    EXPECT_EQ(python.text(), "alive: False\n");
}

INSTANTIATE_TEST_SUITE_P(
    Examples, DocumentedExample,
    testing::Values(Example{"cleaner.py", {"0.01"}, {"Cleaner: RUNNING\n", "cleaning up\n", "cleaning up\n"}},
                    Example{"echo.py", {"0"}, {"Echo: START_PENDING\n", "listening on ('127.0.0.1', ", "Echo: RUNNING\n"}},
                    Example{"importer.py", {}, {"loading index 3 of 3\n", "Importer: RUNNING\n", "importing\n"}},
                    Example{"watcher.py", {}, {"Watcher: RUNNING\n", "Info 0x400000FF - watching\n"}}),
    [](const auto& tested) { return tested.param.script.substr(0, tested.param.script.find('.')); });

}  // namespace
}  // namespace pysvc
