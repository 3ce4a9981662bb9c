// SPDX-License-Identifier: MIT
// The wheel, installed by pip into an environment without pywin32: what scripts find that python.exe runs.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/service_status.hpp"
#include "tests/scm/harness/site_packages.hpp"
#include "tests/scm/harness/virtual_environment.hpp"
#include "tests/scm/harness/wait.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

class Wheel : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        environment_ = std::make_unique<VirtualEnvironment>(L"environment with the wheel");
        environment_->install({"pythonservice"});
    }
    static void TearDownTestSuite() { environment_.reset(); }

    static std::string run(const std::vector<std::string>& arguments) {
        Command command(environment_->python(), arguments, work_folder());
        EXPECT_EQ(command.wait(), 0u) << command.output();
        std::string text = command.output();
        std::erase(text, '\r');
        return text;
    }
    static std::string printed(const std::string& program) { return run({"-c", program}); }

    /// The folder of the package, where the EXE and the engines are.
    static fs::path package() { return environment_->site_packages() / L"pythonservice"; }

    static inline std::unique_ptr<VirtualEnvironment> environment_;
};

TEST_F(Wheel, ModulesOfTheEngineAreThereWithoutPywin32) {
    EXPECT_EQ(printed("import win32serviceutil, win32event, pywintypes\n"
                      "print(win32serviceutil.__spec__.origin, win32event.__spec__.origin, pywintypes.__spec__.origin)"),
              "PythonService PythonService PythonService\n");
    const std::string engine = printed("import servicemanager; print(ascii(servicemanager.__file__))");
    EXPECT_NE(engine.find("site-packages\\\\pythonservice\\\\servicemanager.cp3"), std::string::npos) << engine;
}

TEST_F(Wheel, EngineIsLoadedOnlyWhenOneOfThemIsImported) {
    EXPECT_EQ(printed("import sys\n"
                      "print(sys.meta_path[-1], [name for name in sys.modules if 'service' in name])"),
              "<finder of the modules embedded in PythonService> ['_pythonservice_finder']\n");
}

TEST_F(Wheel, EngineLiesInNoFolderOfSysPath) {
    EXPECT_EQ(printed("import glob, os, sys\n"
                      "print([folder for folder in sys.path if glob.glob(os.path.join(folder, 'servicemanager*.pyd'))])"),
              "[]\n");
}

TEST_F(Wheel, RealPywin32Wins) {
    const std::string file = printed("import site; site.addsitedir(r'" + text_of(site_packages()) +
                                     "')\n"
                                     "import servicemanager, win32serviceutil\n"
                                     "print(servicemanager.__file__, win32serviceutil.__file__)");
    EXPECT_EQ(file, text_of(site_packages() / L"win32" / L"servicemanager.pyd") + " " +
                        text_of(site_packages() / L"win32" / L"lib" / L"win32serviceutil.py") + "\n");
}

TEST_F(Wheel, PackageIsRunAsTheCommand) {
    const std::string text = run({"-m", "pythonservice", "version"});
    EXPECT_NE(text.find("engine servicemanager.cp313-win_amd64.pyd"), std::string::npos) << text;
}

/// A script of pywin32's kind manages its service by itself: PythonService.exe of the wheel hosts it, in this environment.
class WheelService : public Wheel {
protected:
    void SetUp() override {
        write_file(script_, read_file(services_folder() / L"installable.py") +
                                "\n\nif __name__ == '__main__':\n"
                                "    win32serviceutil.HandleCommandLine(Installable)\n");
        (void)command({"remove"});
    }
    void TearDown() override {
        (void)command({"stop"});
        (void)wait_until([&] { return service_status(kName).dwProcessId == 0; });
        (void)command({"remove"});
        registry::remove(registry::event_source_key(kName));
    }

    std::string command(const std::vector<std::string>& arguments) const {
        std::vector<std::string> all = {text_of(script_)};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return run(all);
    }

    /// _svc_name_ of services/installable.py.
    const std::string kName = "PySvcTest installed f\xC3\xBCr \xE6\x9C\x8D\xE5\x8A\xA1";
    const fs::path script_ = work_folder() / L"installable.py";
};

TEST_F(WheelService, LivesItsWholeLife) {
    std::string text = command({"--startup", "manual", "install"});
    ASSERT_NE(service_status(kName).dwCurrentState, 0u) << text;
    text = command({"--wait", "60", "start"});
    ASSERT_EQ(service_status(kName).dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING)) << text;
    EXPECT_TRUE(has_module(service_status(kName).dwProcessId, package(), L"PythonService.exe"))
        << "another program hosts it";
    text = command({"--wait", "60", "stop"});
    ASSERT_EQ(service_status(kName).dwCurrentState, static_cast<DWORD>(SERVICE_STOPPED)) << text;
    EXPECT_EQ(service_status(kName).dwWin32ExitCode, 0u);
    text = command({"remove"});
    EXPECT_EQ(service_status(kName).dwCurrentState, 0u) << text;
}

}  // namespace
}  // namespace pysvc::test
