// SPDX-License-Identifier: MIT
#include "host/service/child_process.hpp"
#include "tests/cli/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using cli_tests::TemporaryFolder;

ChildResult run(const std::vector<std::string>& arguments, const std::string& folder = {}) {
    ChildRequest request;
    request.program = PYSVC_PROGRAM;
    request.arguments = arguments;
    request.working_directory = folder;
    request.limit = 60s;
    const auto result = make_child_process()->run(request);
    EXPECT_TRUE(result);
    EXPECT_FALSE(result->timed_out);
    return result.value_or(ChildResult{});
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// What needs a Python needs its engine beside the program.
bool engine_is_built() {
    const auto folder = std::filesystem::path(PYSVC_PROGRAM).parent_path();
    return std::ranges::any_of(std::filesystem::directory_iterator(folder), [](const auto& entry) {
        return entry.path().filename().string().starts_with("servicemanager.");
    });
}

TEST(Program, HelpGoesToStandardOutput) {
    for (const char* spelling : {"--help", "-h", "help", "/?", "-HELP"}) {
        const auto result = run({spelling});
        EXPECT_EQ(result.exit_code, 0U) << spelling;
        EXPECT_TRUE(has(result.output, "install")) << spelling;
        EXPECT_EQ(result.errors, "") << spelling;
    }
}

TEST(Program, VersionShowsTheBuild) {
    const auto result = run({"--version"});
    EXPECT_EQ(result.exit_code, 0U);
    EXPECT_TRUE(has(result.output, "PythonService "));
    EXPECT_TRUE(has(result.output, "build "));
}

TEST(Program, UnknownVerbSuggestsTheNearest) {
    const auto result = run({"instal", "x.py"});
    EXPECT_EQ(result.exit_code, 2U);
    EXPECT_TRUE(has(result.errors, "'install'"));
    EXPECT_EQ(result.output, "");
}

TEST(Program, BadUsageIsTwo) {
    EXPECT_EQ(run({"stop"}).exit_code, 2U);
    EXPECT_EQ(run({"stop", "x", "--frob"}).exit_code, 2U);
    EXPECT_EQ(run({"install", "--startup", "never"}).exit_code, 2U);
}

TEST(Program, PasswordIsNeverPrinted) {
    const auto result = run({"install", "--password", "s3cret", "--frob"});
    EXPECT_FALSE(has(result.output + result.errors, "s3cret"));
}

TEST(Program, ScmCommandsNeedWindows) {
    for (const char* verb : {"start", "stop", "restart", "remove", "status"}) {
        const auto result = run({verb, "some-service"});
        EXPECT_EQ(result.exit_code, 50U) << verb;
        EXPECT_TRUE(has(result.errors, "needs Windows")) << verb;
    }
    EXPECT_EQ(run({"status", "-q", "some-service"}).exit_code, 4U);
}

TEST(Program, MissingScriptIsTwo) {
    const TemporaryFolder folder;
    const auto result = run({"debug", folder / "none.py"});
    EXPECT_EQ(result.exit_code, 2U);
    EXPECT_TRUE(has(result.errors, folder / "none.py"));
}

TEST(Program, InstallWithoutSubjectSaysWhatItLookedFor) {
    const TemporaryFolder folder;
    folder.file("one.py", "_svc_name_ = 1");
    folder.file("two.py", "_svc_name_ = 2");
    const auto result = run({"install"}, folder.str());
    EXPECT_EQ(result.exit_code, 2U);
    EXPECT_TRUE(has(result.errors, "one.py"));
    EXPECT_TRUE(has(result.errors, "two.py"));
}

TEST(Program, InstallNeedsWindows) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string script = folder.file("service.py", "class A:\n    _svc_name_ = 'a'\n");
    const auto result = run({"install", script, "--python", PYSVC_PYTHON});
    EXPECT_EQ(result.exit_code, 50U) << result.errors;
    EXPECT_TRUE(has(result.errors, "needs Windows"));
}

TEST(Program, DebugOfAScriptWithoutClassNeverExecutesIt) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string marker = folder / "marker";
    const std::string script = folder.file("plain.py", "open(r'" + marker + "', 'w').close()\n");
    const auto result = run({"debug", "--python", PYSVC_PYTHON, script});
    EXPECT_EQ(result.exit_code, 2U) << result.errors;
    EXPECT_TRUE(has(result.errors, "next step"));
    EXPECT_FALSE(std::filesystem::exists(marker));
}

TEST(Program, InstallOfAnEndlessScriptDoesNotHang) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string script = folder.file("endless.py", "class A:\n    _svc_name_ = 'a'\nwhile True:\n    pass\n");
    EXPECT_EQ(run({"install", script, "--python", PYSVC_PYTHON}).exit_code, 50U);
}

TEST(Program, DebugRunsAClassWithItsArguments) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string script = folder.file("dienst.py",
                                           "import os, sys\n"
                                           "class Dienst:\n"
                                           "    _svc_name_ = 'Dienst'\n"
                                           "    def __init__(self, args): self.args = args\n"
                                           "    def run(self):\n"
                                           "        print(ascii(self.args), 'servicemanager' in sys.builtin_module_names)\n"
                                           "        print('crash log', f'/tmp/PythonService-{os.getpid()}.crash.log')\n");
    const auto result = run({"debug", "--python", PYSVC_PYTHON, script, "eins", "\xC3\xBC"});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_TRUE(has(result.output, "('Dienst', 'eins', '\\xfc') True")) << result.output;

    // Nothing is left behind: not even an empty file for faulthandler.
    const auto begin = result.output.find("/tmp/PythonService-");
    ASSERT_NE(begin, std::string::npos) << result.output;
    const std::string crash_log = result.output.substr(begin, result.output.find('\n', begin) - begin);
    EXPECT_FALSE(std::filesystem::exists(crash_log)) << crash_log;
}

TEST(Program, UnknownPythonVersionListsThoseThatAreThere) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string script = folder.file("service.py", "class A:\n    _svc_name_ = 'a'\n");
    const auto result = run({"debug", "--python", "3.99", script});
    EXPECT_NE(result.exit_code, 0U);
    EXPECT_TRUE(has(result.errors, "there is no Python 3.99")) << result.errors;
    EXPECT_TRUE(has(result.errors, PYSVC_PYTHON_VERSION " at ")) << result.errors;
}

TEST(Program, DebugTakesAPythonByItsVersion) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string script = folder.file("service.py",
                                           "import sys\n"
                                           "class A:\n"
                                           "    _svc_name_ = 'a'\n"
                                           "    def __init__(self, args): pass\n"
                                           "    def run(self): print('version', sys.version)\n");
    const auto result = run({"debug", "--python", PYSVC_PYTHON_VERSION, script});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_TRUE(has(result.output, "version " PYSVC_PYTHON_VERSION ".")) << result.output;
}

TEST(Program, DoctorShowsTheEnvironmentNearTheScriptAndWhatIsBehindIt) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string script = folder.file("service.py", "");
    ASSERT_EQ(run({"doctor", "--python", script}).exit_code, 0U);

    const auto python = std::filesystem::path(PYSVC_PYTHON);
    const std::filesystem::path environment = std::filesystem::path(folder / ".venv");
    std::filesystem::create_directories(environment / "bin");
    std::filesystem::create_symlink(python, environment / "bin" / "python3");
    folder.file(".venv/pyvenv.cfg",
                "home = " + python.parent_path().string() + "\nversion = " PYSVC_PYTHON_VERSION "\n");
    const auto found = run({"doctor", "--python", script});
    EXPECT_EQ(found.exit_code, 0U) << found.errors;
    EXPECT_TRUE(has(found.output, "chosen: " + environment.string() + "/bin/python3")) << found.output;
    EXPECT_TRUE(has(found.output, "what: Python " PYSVC_PYTHON_VERSION ", virtual environment")) << found.output;
    EXPECT_TRUE(has(found.output, "usable, not needed: Python " PYSVC_PYTHON_VERSION ", full installation"))
        << found.output;

    folder.file(".venv/pyvenv.cfg", "home = /no/such/python\n");
    const auto refused = run({"doctor", script, "--json"});
    EXPECT_EQ(refused.exit_code, 1U);
    EXPECT_TRUE(has(refused.output, "\"error\": \"python-not-found\"")) << refused.output;
    EXPECT_TRUE(has(refused.errors, "is gone")) << refused.errors;
}

TEST(Program, DebugRunsAScriptForPywin32) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const std::string script = folder.file("framework.py",
                                           "import sys, servicemanager, win32event, win32service, win32serviceutil\n"
                                           "class Framework(win32serviceutil.ServiceFramework):\n"
                                           "    _svc_name_ = 'Framework'\n"
                                           "    _svc_display_name_ = 'A service of the framework'\n"
                                           "    def __init__(self, args):\n"
                                           "        super().__init__(args)\n"
                                           "        self.stop_event = win32event.CreateEvent(None, 0, 0, None)\n"
                                           "    def SvcStop(self): win32event.SetEvent(self.stop_event)\n"
                                           "    def SvcDoRun(self):\n"
                                           "        servicemanager.LogInfoMsg('running')\n"
                                           "        self.SvcStop()\n"
                                           "        print(win32event.WaitForSingleObject(self.stop_event, 10_000))\n"
                                           "if __name__ == '__main__':\n"
                                           "    win32serviceutil.HandleCommandLine(Framework)\n");
    const auto result = run({"debug", "--python", PYSVC_PYTHON, script});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_TRUE(has(result.output, "Info 0x400000FF - running")) << result.output;
    EXPECT_TRUE(has(result.output, "\n0\n")) << result.output;
    EXPECT_TRUE(has(result.errors, "Framework: RUNNING")) << result.errors;
    EXPECT_TRUE(has(result.errors, "Framework: STOP_PENDING")) << result.errors;
}

TEST(Program, DebugReturnsTheExitCodeOfTheService) {
    if (!engine_is_built()) GTEST_SKIP() << "no engine beside the program";
    const TemporaryFolder folder;
    const auto code_of = [&](const std::string& body) {
        const std::string script = folder.file("ends.py",
                                               "import sys\n"
                                               "class Ends:\n"
                                               "    _svc_name_ = 'Ends'\n"
                                               "    def __init__(self, args): pass\n"
                                               "    def run(self): " + body + "\n");
        return run({"debug", "--python", PYSVC_PYTHON, script}).exit_code;
    };
    EXPECT_EQ(code_of("pass"), 0U);
    EXPECT_EQ(code_of("sys.exit()"), 0U);
    EXPECT_EQ(code_of("sys.exit(3)"), 3U);
    // 0x20000001; a parent on POSIX sees its low eight bits.
    EXPECT_EQ(code_of("1 / 0"), 1U);
}

}  // namespace
}  // namespace pysvc
