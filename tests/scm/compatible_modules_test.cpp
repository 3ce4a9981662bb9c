// SPDX-License-Identifier: MIT
// Scripts written for pywin32 in a Python that has none: the engine's own modules take its place.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/service_status.hpp"
#include "tests/scm/harness/site_packages.hpp"
#include "tests/scm/harness/test_service.hpp"
#include "tests/scm/harness/virtual_environment.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// An environment without packages; pywin32 is in those of the Python that it was made from.
const VirtualEnvironment& environment() {
    static const VirtualEnvironment made(L"without pywin32");
    return made;
}

// ---- in the host ----------------------------------------------------------------------------------------------------

/// A service of services/*.py in that environment.
class WithoutPywin32 : public TestService {
public:
    explicit WithoutPywin32(const std::string& class_string) : TestService(class_string) {
        set("Python", text_of(environment().python()));
    }
};

TEST(CompatibleModules, ServeAServiceOfTheFramework) {
    WithoutPywin32 service("without_pywin32.Origins");
    service.start({"one", "zw\xC3\xB6lf"});
    EXPECT_EQ(service.report().wait("args"), "('" + service.name() + "', 'one', 'zw\\xf6lf')");
    EXPECT_EQ(service.report().wait("origins"), "['PythonService']");
    EXPECT_EQ(service.report().wait("win32file"), "None");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().values("SvcStop").size(), 1u);
    EXPECT_EQ(service.report().values("ended").size(), 1u);
    EXPECT_TRUE(logged_nothing(service, "error"));
    EXPECT_TRUE(logged_nothing(service, "warning"));
}

TEST(CompatibleModules, ServeEveryControl) {
    WithoutPywin32 service("framework.Pausing");
    service.start();
    EXPECT_EQ(service.control(SERVICE_CONTROL_PAUSE), 0u);
    service.wait_for(SERVICE_PAUSED);
    EXPECT_EQ(service.control(SERVICE_CONTROL_INTERROGATE), 0u);
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_PAUSED));
    EXPECT_EQ(service.control(SERVICE_CONTROL_CONTINUE), 0u);
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.control(200), 0u);
    EXPECT_EQ(service.report().wait("SvcOther"), "200");
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(CompatibleModules, HandlesAreTakenByOthers) {
    WithoutPywin32 service("without_pywin32.Handles");
    service.start();
    EXPECT_EQ(service.report().wait("multiprocessing"), "True");
    EXPECT_EQ(service.report().wait("process"), "True");
    EXPECT_EQ(service.report().wait("several"), "1");
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(CompatibleModules, WaitingLetsOtherThreadsRun) {
    WithoutPywin32 service("without_pywin32.Waiting");
    service.start();
    EXPECT_EQ(service.report().wait("timeout"), "True");
    EXPECT_EQ(service.report().wait("others ran"), "True");
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(CompatibleModules, ServeTheLogHandlerOfTheStandardLibrary) {
    WithoutPywin32 service("without_pywin32.LogHandler");
    service.start();
    // pywin32's own file, which the handler asks for, is not there; this program of Windows has the same texts.
    EXPECT_EQ(service.report().wait("message file"), R"(('%SystemRoot%\\System32\\EventCreate.exe', 2))");
    EXPECT_EQ(service.report().wait("removed"), "True");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(CompatibleModules, DemoThatNeedsMoreOfPywin32SaysSo) {
    const fs::path demo = site_packages() / L"win32" / L"Demos" / L"service" / L"pipeTestService.TestPipeService";
    WithoutPywin32 service(text_of(demo));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(logged(service, 0xC0002012, "error", "is a module of pywin32, which is not installed in this Python"));
}

// ---- under python.exe -----------------------------------------------------------------------------------------------

const std::string kName = "PySvcTest-Scripted";

/// services/scripted.py, run by the python.exe of an environment with our wheel and without pywin32.
class Scripted : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        environment_ = std::make_unique<VirtualEnvironment>(L"with the wheel");
        environment_->install({"pythonservice"});
        host_ = environment_->site_packages() / L"pythonservice" / L"PythonService.exe";
    }
    static void TearDownTestSuite() { environment_.reset(); }

    void SetUp() override { clean_up(); }
    void TearDown() override { clean_up(); }

    static void clean_up() {
        (void)script({"--wait", "60", "stop"});
        (void)wait_until([] { return service_status(kName).dwProcessId == 0; });
        (void)script({"remove"});
        registry::remove(registry::event_source_key(kName));
    }

    struct Outcome {
        DWORD code;
        std::string text;
    };

    /// What a command of the script prints, and its exit code.
    static Outcome script(const std::vector<std::string>& arguments) {
        std::vector<std::string> all = {text_of(file())};
        all.insert(all.end(), arguments.begin(), arguments.end());
        Command command(environment_->python(), all, {});
        const DWORD code = command.wait();
        std::string text = command.output();
        std::erase(text, '\r');
        return {code, text};
    }

    static fs::path file() { return services_folder() / L"scripted.py"; }
    static const std::string& key() {
        static const std::string text = R"(SYSTEM\CurrentControlSet\Services\)" + kName;
        return text;
    }

    static std::unique_ptr<VirtualEnvironment> environment_;
    static fs::path host_;
};

std::unique_ptr<VirtualEnvironment> Scripted::environment_;
fs::path Scripted::host_;

TEST_F(Scripted, LivesItsWholeLife) {
    const Report report(work_folder() / L"scripted report");
    Outcome outcome = script({"--startup", "auto", "-r", text_of(report.file()), "install"});
    ASSERT_EQ(outcome.code, 0u) << outcome.text;
    EXPECT_EQ(outcome.text, "Installing service " + kName + "\nService installed\n");
    EXPECT_EQ(registry::read_text(key(), "ImagePath"), '"' + text_of(host_) + '"');
    EXPECT_EQ(registry::read_text(key() + "\\PythonClass", ""), text_of(services_folder() / L"scripted.Scripted"));
    EXPECT_EQ(registry::read_text(key() + "\\Parameters", "Python"), text_of(environment_->python()));
    EXPECT_EQ(registry::read_number(key(), "Start"), 2u);
    EXPECT_EQ(registry::read_text(registry::event_source_key(kName), "EventMessageFile"),
              text_of(host_.parent_path() / L"PythonServiceMessages.dll"));

    outcome = script({"--startup", "manual", "install"});
    EXPECT_EQ(outcome.code, 0u) << outcome.text;
    EXPECT_NE(outcome.text.find("Service updated"), std::string::npos) << "installing again is an update";
    EXPECT_EQ(registry::read_number(key(), "Start"), 3u);

    outcome = script({"--wait", "60", "start", "one", "two words"});
    ASSERT_EQ(outcome.code, 0u) << outcome.text;
    EXPECT_EQ(service_status(kName).dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(report.wait("arguments"), "('one', 'two words')");
    EXPECT_EQ(report.wait("framework"), "'PythonService'");
    EXPECT_TRUE(report.has("prefix"));

    outcome = script({"--wait", "60", "restart", "again"});
    EXPECT_EQ(outcome.code, 0u) << outcome.text;
    report.wait_for_count("arguments", 2);
    EXPECT_EQ(report.values("arguments").back(), "('again',)");

    outcome = script({"--wait", "60", "stop"});
    EXPECT_EQ(outcome.code, 0u) << outcome.text;
    EXPECT_EQ(service_status(kName).dwCurrentState, static_cast<DWORD>(SERVICE_STOPPED));
    EXPECT_EQ(service_status(kName).dwWin32ExitCode, 0u);
    report.wait_for_count("ended", 2);

    outcome = script({"remove"});
    EXPECT_EQ(outcome.text, "Removing service " + kName + "\nService removed\n");
    EXPECT_EQ(service_status(kName).dwCurrentState, 0u) << "it is still there";
    EXPECT_FALSE(registry::exists(registry::event_source_key(kName)));
}

TEST_F(Scripted, OptionThatItsOwnCodeRefusesUndoesTheInstallation) {
    const Outcome outcome = script({"-r", "", "install"});
    EXPECT_EQ(outcome.code, 0xFFFFFFFFu);
    EXPECT_NE(outcome.text.find("Error installing service: -r: the name of a file is needed"), std::string::npos)
        << outcome.text;
    EXPECT_EQ(service_status(kName).dwCurrentState, 0u) << "it is still there";
}

TEST_F(Scripted, CommandsForAMissingServiceReturnTheErrorOfWindows) {
    for (const char* command : {"start", "stop", "restart", "remove", "update"}) {
        const Outcome outcome = script({command});
        EXPECT_EQ(outcome.code, 1060u) << command << outcome.text;
        EXPECT_NE(outcome.text.find("(1060)"), std::string::npos) << command << outcome.text;
    }
}

TEST_F(Scripted, DebugNeedsNoInstallation) {
    const Outcome outcome = script({"debug", "end", "two words"});
    EXPECT_EQ(outcome.code, 0u) << outcome.text;
    EXPECT_NE(outcome.text.find("arguments\t('end', 'two words')"), std::string::npos) << outcome.text;
    EXPECT_NE(outcome.text.find("framework\t'PythonService'"), std::string::npos) << outcome.text;
}

TEST_F(Scripted, Pywin32IsPreferredWhereItIs) {
    write_file(environment_->site_packages() / L"win32serviceutil.py", "installed = True\n");
    Command python(environment_->python(), {"-c", "import win32serviceutil; print(win32serviceutil.installed)"}, {});
    EXPECT_EQ(python.wait(), 0u) << python.output();
    fs::remove(environment_->site_packages() / L"win32serviceutil.py");
}

}  // namespace
}  // namespace pysvc::test
