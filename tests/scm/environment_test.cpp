// SPDX-License-Identifier: MIT
// What a service sees of its process. One service tells everything; the tests look at it.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace pysvc::test {
namespace {

/// As Python's repr shows a path.
std::string quoted(const std::filesystem::path& path) {
    std::string out = "'";
    for (const char c : text_of(path)) out += c == '\\' ? std::string("\\\\") : std::string(1, c);
    return out + "'";
}

class Environment : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        service_ = std::make_unique<TestService>("facts.Facts");
        service_->start({"an argument"});
        (void)service_->report().wait("SvcDoRun");
        (void)service_->report().wait("child");
        ended_ = service_->stop();
    }
    static void TearDownTestSuite() { service_.reset(); }

    static std::string fact(const std::string& key) {
        const auto values = service_->report().values(key);
        return values.empty() ? "nothing was reported" : values.front();
    }

    static inline std::unique_ptr<TestService> service_;
    static inline Ended ended_;
};

TEST_F(Environment, ServiceEndsWell) {
    EXPECT_EQ(ended_, kSuccess);
    EXPECT_TRUE(logged_nothing(*service_, "error"));
}

TEST_F(Environment, ArgvIsTheCommandLineOfTheProcess) { 
    std::string expected = "[";
    expected += quoted(host_executable());
    EXPECT_EQ(fact("argv"), expected + "]");
}

TEST_F(Environment, ServiceRunsOnPythonsMainThread) {
    EXPECT_EQ(fact("main thread"), "True");
    EXPECT_EQ(fact("signal"), "True");
}

TEST_F(Environment, ServicemanagerIsABuiltInModule) {
    EXPECT_EQ(fact("builtin"), "True");
    EXPECT_EQ(fact("origin"), "'built-in'");
}

TEST_F(Environment, PrefixAndExecutableAreThoseOfPythonExe) {
    EXPECT_EQ(fact("prefix"), quoted(python_executable().parent_path()));
    EXPECT_EQ(fact("executable"), quoted(python_executable()));
    EXPECT_EQ(fact("base executable"), quoted(python_executable()));
}

TEST_F(Environment, ScriptFolderIsFirstOnThePathAndTheHostsIsNotOnIt) {
    EXPECT_TRUE(fact("path").starts_with(std::string("[") + quoted(services_folder()) + ", ")) << fact("path");
    EXPECT_EQ(fact("path").find(quoted(program_folder())), std::string::npos) << fact("path");
}

TEST_F(Environment, WorkingFolderOfAnEntryWithoutOneIsTheHosts) { EXPECT_EQ(fact("cwd"), quoted(program_folder())); }

TEST_F(Environment, StandardStreamsWorkBeforeAnyUserCode) {
    EXPECT_EQ(fact("during import: stdout"), "1");
    EXPECT_EQ(fact("streams"), "[True, True]");
    EXPECT_EQ(fact("stdin"), "''");
    EXPECT_EQ(fact("streams survived"), "None");
}

TEST_F(Environment, PrintedLinesAreInTheLog) {
    const auto records = service_->log().records();
    const auto has = [&](const std::string& text) {
        return std::ranges::any_of(records, [&](const std::string& record) { return record.ends_with(text); });
    };
    EXPECT_TRUE(has("printed Gr\xC3\xBC\xC3\x9F" "e \xE6\x9C\x8D\xE5\x8A\xA1 \xF0\x9F\x98\x80"));
    EXPECT_TRUE(has("to stderr"));
    EXPECT_TRUE(has("a line without an end"));
}

TEST_F(Environment, ChildProcessesArePythonNotTheHost) { EXPECT_EQ(fact("child"), "'from a child'"); }

TEST_F(Environment, CriticalErrorsOpenNoBoxAndCrashesAreReported) {
    const int mode = std::stoi(fact("error mode"));
    EXPECT_NE(mode & SEM_FAILCRITICALERRORS, 0);
    EXPECT_EQ(mode & SEM_NOGPFAULTERRORBOX, 0);
}

TEST_F(Environment, CodeOfTheDesktopAndOfLowIntegrityStaysOut) {
    // Wine takes every policy and has none.
    EXPECT_EQ(fact("extension points"), is_wine() ? "0" : "1");
    EXPECT_EQ(fact("images"), is_wine() ? "0" : "2");
}

TEST_F(Environment, AtExitHandlersRunBeforeStopped) { EXPECT_EQ(fact("atexit"), "None"); }

TEST(EnvironmentOfThreads, AsyncioRunsAndThreadsAreJoined) {
    TestService service("facts.ThreadsAndTasks");
    service.start();
    EXPECT_EQ(service.report().wait("asyncio"), "'ProactorEventLoop'");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(service.report().has("thread ended after main"));
}

TEST(EnvironmentSettings, WorkingDirectoryAndVariablesAreSet) {
    TestService service("facts.Facts");
    service.set("WorkingDirectory", text_of(services_folder()));
    service.start();
    EXPECT_EQ(service.report().wait("cwd"), quoted(services_folder()));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(EnvironmentSettings, PythonVariablesAreIgnored) {
    TestService service("facts.Path");
    service.set_environment({"PYTHONHOME=C:\\nowhere", "PYTHONPATH=C:\\planted"});
    service.start();
    EXPECT_EQ(service.report().wait("path").find("planted"), std::string::npos);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(EnvironmentSettings, BadValueIsAWarningAndItsDefault) {
    TestService service("light.Light");
    service.set("StopTimeout", "soon");
    service.set("OwnOptionOfTheScript", "anything");
    service.start();
    EXPECT_TRUE(logged(service, 0x80002053, "warning", "StopTimeout")) << service.log().text();
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
