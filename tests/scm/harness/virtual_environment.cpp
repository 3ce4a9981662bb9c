// SPDX-License-Identifier: MIT
#include "tests/scm/harness/virtual_environment.hpp"

#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

void run(const fs::path& python, const std::vector<std::string>& arguments) {
    Command command(python, arguments, {});
    EXPECT_EQ(command.wait(4 * kPatience), 0u) << command.output();
}

/// pip, runnable from where ensurepip keeps it: an environment with a pip of its own takes much longer to make.
fs::path pip() {
    for (const auto& entry : fs::directory_iterator(python_executable().parent_path() / L"Lib/ensurepip/_bundled")) {
        if (entry.path().filename().native().starts_with(L"pip-")) return (entry.path() / L"pip").make_preferred();
    }
    ADD_FAILURE() << "ensurepip has no pip";
    return {};
}

}  // namespace

VirtualEnvironment::VirtualEnvironment(const std::wstring& name) : folder_(work_folder() / name) {
    run(python_executable(), {"-I", "-m", "venv", "--without-pip", text_of(folder_)});
}

void VirtualEnvironment::install(const std::vector<std::string>& packages) const {
    const std::string wheels = environment_variable("PYSVC_TEST_WHEELS");
    ASSERT_FALSE(wheels.empty()) << "PYSVC_TEST_WHEELS does not name the folder of the wheels";
    // Without compiling: it would take longer than everything else, and reads nothing that the tests do not read.
    std::vector<std::string> arguments = {"-I", text_of(pip()), "--isolated", "install", "--no-index", "--no-compile",
                                          "--disable-pip-version-check", "--find-links", wheels};
    arguments.insert(arguments.end(), packages.begin(), packages.end());
    run(python(), arguments);
}

}  // namespace pysvc::test
