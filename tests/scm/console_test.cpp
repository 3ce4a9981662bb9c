// SPDX-License-Identifier: MIT
// `debug`: the same service, on a console.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/console.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

class Debug : public ::testing::Test {
protected:
    void SetUp() override {
        provide_console();
        const auto folder = work_folder() / L"debug";
        std::filesystem::create_directories(folder);
        report_ = Report(folder / L"report");
        report_.clear();
        SetEnvironmentVariableW(L"PYSVC_TEST_REPORT", report_.file().c_str());
    }
    void TearDown() override { SetEnvironmentVariableW(L"PYSVC_TEST_REPORT", nullptr); }

    static std::vector<std::string> debug(const std::string& class_string) {
        return {"debug", "--python", text_of(python_executable()), text_of(services_folder()) + "\\" + class_string};
    }

    Report report_{L""};
};

TEST_F(Debug, RunsAScriptWithoutInstallationUntilCtrlC) {
    auto arguments = debug("framework.py:Service");
    arguments.insert(arguments.end(), {"--option", "gr\xC3\xBC\xC3\x9F" "e"});
    Command command(arguments);
    EXPECT_EQ(report_.wait("args"), R"(('PySvcTest', '--option', 'gr\xfc\xdfe'))");
    (void)report_.wait("SvcDoRun");
    press_ctrl_c();
    EXPECT_EQ(command.wait(), 0u) << command.output();
    EXPECT_TRUE(report_.has("SvcStop"));
    EXPECT_TRUE(report_.has("ended"));
}

TEST_F(Debug, OfAnInstalledServiceTakesTheClassOfTheRegistry) {
    TestService service("framework.Service");
    Command command({"-debug", service.name(), "an argument"});
    EXPECT_EQ(service.report().wait("args"), "('" + service.name() + "', 'an argument')");
    (void)service.report().wait("SvcDoRun");
    press_ctrl_c();
    EXPECT_EQ(command.wait(), 0u) << command.output();
    EXPECT_TRUE(service.report().has("ended"));
}

TEST_F(Debug, ShowsEventsAndPrintedText) {
    Command command(debug("functions.py:Functions"));
    (void)report_.wait("LogErrorMsg");
    ASSERT_TRUE(wait_until([&] { return command.output().find("0xC00000FF") != std::string::npos; })) << command.output();
    EXPECT_NE(command.output().find("error Gr\xC3\xBC\xC3\x9F" "e"), std::string::npos) << command.output();
    EXPECT_NE(command.output().find("0x40001002"), std::string::npos) << command.output();
    // Whatever the rest of that class does without an SCM, it must end when told to.
    press_ctrl_c();
    (void)command.wait();
}

TEST_F(Debug, EndsWithTheCodeOfTheService) {
    Command exits(debug("endings.py:ExitsWith3"));
    EXPECT_EQ(exits.wait(), 3u) << exits.output();
    Command raises(debug("endings.py:RunRaises"));
    EXPECT_EQ(raises.wait(), 0x20000001u);
    EXPECT_NE(raises.output().find("ValueError: SvcDoRun: Gr\xC3\xBC\xC3\x9F" "e"), std::string::npos) << raises.output();
}

TEST_F(Debug, SecondCtrlCEndsAServiceThatDoesNotStop) {
    Command command(debug("endings.py:StopIgnored"));
    (void)report_.wait("SvcDoRun");
    press_ctrl_c();
    (void)report_.wait("SvcStop");
    EXPECT_TRUE(command.is_running());
    press_ctrl_c();
    EXPECT_NE(command.wait(), 0u);
    EXPECT_NE(command.output().find("in main"), std::string::npos) << "no stacks:\n" << command.output();
}

}  // namespace
}  // namespace pysvc::test
