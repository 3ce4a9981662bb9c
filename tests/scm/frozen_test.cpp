// SPDX-License-Identifier: MIT
// A service frozen into a program of its own, with our module and its messages in it. It manages itself, and hosts
// itself.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/report.hpp"
#include "tests/scm/harness/service_status.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// _svc_name_ of services/frozen.py.
const std::string kName = "PySvcTest frozen";

class Frozen : public ::testing::Test {
protected:
    /// Freezing takes half a minute, so it is done once.
    static void SetUpTestSuite() {
        folder_ = work_folder() / L"frozen programs";
        const std::string freezer = environment_variable("PYSVC_TEST_PYINSTALLER");
        const std::vector<std::string> arguments = {
            "-c",
            "import sys; sys.path[:0] = [p for p in sys.argv[1:2] if p]; import PyInstaller.__main__ as freezer; "
            "freezer.run(sys.argv[2:])",
            freezer, "--noconfirm", "--log-level=WARN", "--distpath=" + text_of(folder_),
            "--workpath=" + text_of(folder_ / L"build"), "--specpath=" + text_of(folder_ / L"build"),
            // In front of site-packages, where pywin32's module is.
            "--paths=" + text_of(program_folder()),
            "--add-binary=" + text_of(program_folder() / L"PythonServiceMessages.dll") + ";.",
            "--hidden-import=win32timezone", text_of(services_folder() / L"frozen.py")};
        Command command(python_executable(), arguments, {});
        ASSERT_EQ(command.wait(10 * kPatience), 0u) << command.output();
        ASSERT_TRUE(fs::exists(program())) << command.output();
    }
    void SetUp() override {
        (void)run({"remove"});
        report_.clear();
    }
    void TearDown() override {
        (void)run({"stop"});
        (void)wait_until([] { return service_status(kName).dwProcessId == 0; });
        (void)run({"remove"});
        registry::remove(registry::event_source_key(kName));
    }

    static fs::path program() { return folder_ / L"frozen" / L"frozen.exe"; }
    /// The frozen program with these arguments; what it printed.
    static std::string run(const std::vector<std::string>& arguments) {
        Command command(program(), arguments, {});
        EXPECT_EQ(command.wait(), 0u) << command.output();
        return command.output();
    }

    static inline fs::path folder_;
    Report report_{program().parent_path() / L"report"};
};

TEST_F(Frozen, InstallsItselfLivesAndIsRemoved) {
    std::string text = run({"--startup", "manual", "install"});
    ASSERT_NE(text.find("Service installed"), std::string::npos) << text;
    const std::string image =
        registry::read_text(R"(SYSTEM\CurrentControlSet\Services\)" + kName, "ImagePath").value_or("");
    EXPECT_EQ(image, '"' + text_of(program()) + '"');

    for (std::size_t life = 1; life <= 2; ++life) {
        text = run({"--wait", "60", "start"});
        ASSERT_EQ(service_status(kName).dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING)) << text;
        const Process process(service_status(kName).dwProcessId);
        report_.wait_for_count("SvcDoRun", life);
        EXPECT_TRUE(has_module(process.id(), program().parent_path() / L"_internal", L"servicemanager"));

        const win::UniqueServiceHandle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
        const win::UniqueServiceHandle service(
            OpenServiceW(manager.get(), win::widen(kName).c_str(), SERVICE_USER_DEFINED_CONTROL));
        SERVICE_STATUS after{};
        EXPECT_TRUE(ControlService(service.get(), 130, &after)) << GetLastError();
        report_.wait_for_count("SvcOther", life);

        text = run({"--wait", "60", "stop"});
        const SERVICE_STATUS_PROCESS ended = service_status(kName);
        ASSERT_EQ(ended.dwCurrentState, static_cast<DWORD>(SERVICE_STOPPED)) << text;
        EXPECT_EQ(ended.dwWin32ExitCode, 0u);
        EXPECT_EQ(ended.dwServiceSpecificExitCode, 0u);
        EXPECT_EQ(process.wait_for_end(), 0u);
    }
    EXPECT_EQ(report_.wait("args"), "('" + kName + "',)");
    EXPECT_EQ(report_.wait("frozen"), "True");
    EXPECT_EQ(report_.wait("messages"), "True") << "the message table is not beside the module";
    EXPECT_EQ(report_.values("SvcOther"), (std::vector<std::string>{"130", "130"}));
    EXPECT_EQ(report_.values("ended").size(), 2u);

    text = run({"remove"});
    EXPECT_NE(text.find("Service removed"), std::string::npos) << text;
    EXPECT_EQ(service_status(kName).dwCurrentState, 0u) << "it is still there";
}

TEST_F(Frozen, FromAPromptItSaysThatNoScmHasStartedIt) {
    Command command(program(), {}, {});
    EXPECT_EQ(command.wait(), 1u);
    EXPECT_NE(command.output().find("(1063, 'StartServiceCtrlDispatcher'"), std::string::npos) << command.output();
}

}  // namespace
}  // namespace pysvc::test
