// SPDX-License-Identifier: MIT
// The wheel, installed by pip into an environment without pywin32: what scripts find that python.exe runs.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/service_status.hpp"
#include "tests/scm/harness/site_packages.hpp"
#include "tests/scm/harness/virtual_environment.hpp"

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

TEST_F(Wheel, NameThatTheConsoleCannotShowIsNoFailure) {
    // _svc_name_ of services/installable.py.
    const std::string name = "PySvcTest installed f\xC3\xBCr \xE6\x9C\x8D\xE5\x8A\xA1";
    const fs::path script = work_folder() / L"installable.py";
    write_file(script, read_file(services_folder() / L"installable.py") +
                           "\n\nif __name__ == '__main__':\n"
                           "    win32serviceutil.HandleCommandLine(Installable)\n");
    (void)run({text_of(script), "remove"});
    const std::string text = run({text_of(script), "--startup", "manual", "install"});
    EXPECT_NE(text.find("\\u670d\\u52a1"), std::string::npos) << text;
    EXPECT_NE(service_status(name).dwCurrentState, 0u);
    (void)run({text_of(script), "remove"});
    EXPECT_EQ(service_status(name).dwCurrentState, 0u);
    registry::remove(registry::event_source_key(name));
}

}  // namespace
}  // namespace pysvc::test
