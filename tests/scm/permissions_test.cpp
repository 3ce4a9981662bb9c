// SPDX-License-Identifier: MIT
// Installing what others can change.
#include "host/windows/win32.hpp"
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"

#include <gtest/gtest.h>
#include <sddl.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// _svc_name_ of services/installable.py.
const std::string kName = "PySvcTest installed f\xC3\xBCr \xE6\x9C\x8D\xE5\x8A\xA1";
const std::string kServiceKey = R"(SYSTEM\CurrentControlSet\Services\)" + kName;

/// A script in a folder that everyone may change.
class OpenFolder : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = work_folder() / L"open to everyone & more";
        fs::create_directories(folder_);
        script_ = folder_ / L"service.py";
        fs::copy_file(services_folder() / L"installable.py", script_, fs::copy_options::overwrite_existing);
        PSECURITY_DESCRIPTOR security = nullptr;
        ASSERT_TRUE(ConvertStringSecurityDescriptorToSecurityDescriptorW(
            L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)", SDDL_REVISION_1, &security, nullptr));
        const win::UniqueLocalMemory owner(security);
        ASSERT_TRUE(SetFileSecurityW(folder_.c_str(), DACL_SECURITY_INFORMATION, security)) << GetLastError();
    }
    void TearDown() override {
        (void)run({"remove", kName});
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    CommandResult run(const std::vector<std::string>& arguments) { return run_command(arguments, work_folder()); }
    /// The warning about the folder: the line that names it, and those below.
    std::string warning_in(const std::string& output) const {
        const std::size_t at = output.find("runs or reads: " + text_of(folder_) + "\n");
        return at == std::string::npos ? std::string() : output.substr(at, output.find("\nwarning:", at) - at);
    }

    fs::path folder_;
    fs::path script_;
};

TEST_F(OpenFolder, IsAWarningWithTheCommandThatClosesIt) {
    const CommandResult installed = run({"install", text_of(script_), "--python", text_of(python_executable())});
    EXPECT_EQ(installed.code, 0u) << installed.output;
    EXPECT_TRUE(registry::exists(kServiceKey));
    const std::string warning = warning_in(installed.output);
    EXPECT_NE(warning.find("(S-1-1-0) may make files in it"), std::string::npos) << installed.output;
    EXPECT_NE(warning.find("to end it: icacls \"" + text_of(folder_) + "\" /grant:r "), std::string::npos)
        << installed.output;
    EXPECT_NE(warning.find("\"*S-1-1-0:(OI)(CI)RX\""), std::string::npos) << installed.output;

    const CommandResult doctor = run({"doctor", kName});
    EXPECT_EQ(doctor.code, 0u) << doctor.output;
    EXPECT_EQ(warning_in(doctor.output).substr(0, warning.size() / 2), warning.substr(0, warning.size() / 2))
        << doctor.output;
}

TEST_F(OpenFolder, IsRefusedByStrictAndNothingIsWritten) {
    const CommandResult refused = run({"install", text_of(script_), "--python", text_of(python_executable()), "--strict"});
    EXPECT_EQ(refused.code, 1u) << refused.output;
    EXPECT_NE(refused.output.find("error: others can change what the service runs"), std::string::npos) << refused.output;
    EXPECT_NE(warning_in(refused.output).find("*S-1-1-0:"), std::string::npos) << refused.output;
    EXPECT_FALSE(registry::exists(kServiceKey));
    EXPECT_FALSE(registry::exists(registry::event_source_key(kName)));
}

TEST_F(OpenFolder, PathsThatServicesDoNotHaveAreRefused) {
    for (const char* folder : {R"(\\localhost\c$\windows)", R"(C:\windows\nul)", R"(C:\windows:stream)"}) {
        const CommandResult refused = run({"install", text_of(script_), "--python", text_of(python_executable()),
                                    "--working-directory", folder});
        EXPECT_EQ(refused.code, 1u) << refused.output;
        EXPECT_NE(refused.output.find("error: the path cannot be used for a service: --working-directory: "),
                  std::string::npos)
            << refused.output;
        EXPECT_FALSE(registry::exists(kServiceKey)) << folder;
    }
}

}  // namespace
}  // namespace pysvc::test
