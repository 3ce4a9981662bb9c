// SPDX-License-Identifier: MIT
// The management commands, as a person types them.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// _svc_name_ of services/installable.py.
const std::string kName = "PySvcTest installed f\xC3\xBCr \xE6\x9C\x8D\xE5\x8A\xA1";
const std::string kServiceKey = R"(SYSTEM\CurrentControlSet\Services\)" + kName;

class Commands : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = work_folder() / L"Dienste für 服务 in a folder";
        fs::create_directories(folder_);
        script_ = folder_ / L"my service größe.py";
        fs::copy_file(services_folder() / L"installable.py", script_, fs::copy_options::overwrite_existing);
        (void)run({"remove", kName});
    }
    void TearDown() override {
        (void)run({"remove", kName});
        registry::remove(registry::event_source_key(kName));
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
        fs::remove_all(log_folder(), ignored);
    }

    CommandResult run(const std::vector<std::string>& arguments) { return run_command(arguments, folder_); }
    void install() {
        const CommandResult installed = run({"install", text_of(script_), "--startup", "manual", "--python", python()});
        ASSERT_EQ(installed.code, 0u) << installed.output;
    }
    std::vector<std::string> seen() const { return complete_lines(read_file(folder_ / L"seen.txt")); }

    static std::string python() { return text_of(python_executable()); }
    static fs::path log_folder() {
        return path_of(environment_variable("ProgramData")) / L"PythonService" / path_of(kName);
    }
    /// What the SCM knows; nothing when there is no such service.
    static std::optional<SERVICE_STATUS_PROCESS> status() {
        const win::UniqueServiceHandle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
        const win::UniqueServiceHandle service(
            OpenServiceW(manager.get(), win::widen(kName).c_str(), SERVICE_QUERY_STATUS));
        SERVICE_STATUS_PROCESS now{};
        DWORD size = 0;
        if (!service || !QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&now),
                                              sizeof now, &size)) {
            return std::nullopt;
        }
        return now;
    }

    fs::path folder_;
    fs::path script_;
};

TEST_F(Commands, InstallWritesWhatTheServiceNeeds) {
    install();
    EXPECT_EQ(registry::read_text(kServiceKey, "ImagePath").value_or("").substr(0, text_of(host_executable()).size() + 2),
              '"' + text_of(host_executable()) + '"');
    EXPECT_EQ(registry::read_text(kServiceKey, "DisplayName").value_or(""), "A test service with a display name");
    EXPECT_EQ(registry::read_text(kServiceKey, "Description").value_or(""), "Its description: Gr\xC3\xBC\xC3\x9F" "e");
    const std::string class_string = registry::read_text(kServiceKey + "\\PythonClass", "").value_or("");
    EXPECT_TRUE(class_string.starts_with(text_of(folder_) + "\\")) << class_string;
    EXPECT_TRUE(class_string.ends_with("Installable")) << class_string;
    EXPECT_EQ(registry::read_text(kServiceKey + "\\Parameters", "Python").value_or(""), python());
    EXPECT_EQ(registry::read_text(kServiceKey + "\\Parameters", "WorkingDirectory").value_or(""), text_of(folder_));
    for (const char* file : {"EventMessageFile", "CategoryMessageFile"}) {
        EXPECT_EQ(registry::read_text(registry::event_source_key(kName), file).value_or(""),
                  text_of(program_folder() / L"PythonServiceMessages.dll"));
    }
    EXPECT_EQ(registry::read_number(registry::event_source_key(kName), "TypesSupported").value_or(0), 7u);
    EXPECT_EQ(registry::read_number(registry::event_source_key(kName), "CategoryCount").value_or(0), 5u);
    EXPECT_TRUE(fs::exists(log_folder()));
}

TEST_F(Commands, WholeLifeOfAService) {
    install();
    CommandResult last = run({"status", kName});
    EXPECT_NE(last.output.find("STOPPED"), std::string::npos) << last.output;

    last = run({"start", kName, "one", "zw\xC3\xB6lf"});
    ASSERT_EQ(last.code, 0u) << last.output;
    ASSERT_EQ(status().value().dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING));
    ASSERT_EQ(seen().size(), 1u);
    EXPECT_NE(seen()[0].find("'one', 'zw\\xf6lf'"), std::string::npos) << seen()[0];
    EXPECT_NE(seen()[0].find("Dienste f\\xfcr \\u670d\\u52a1 in a folder'"), std::string::npos) << seen()[0];
    last = run({"status", kName});
    EXPECT_EQ(last.code, 0u);
    EXPECT_NE(last.output.find("RUNNING"), std::string::npos) << last.output;

    const Process first(status().value().dwProcessId);
    last = run({"restart", kName});
    ASSERT_EQ(last.code, 0u) << last.output;
    EXPECT_FALSE(first.is_running());
    ASSERT_EQ(status().value().dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(seen().size(), 2u);

    const Process second(status().value().dwProcessId);
    last = run({"stop", kName});
    ASSERT_EQ(last.code, 0u) << last.output;
    EXPECT_EQ(status().value().dwCurrentState, static_cast<DWORD>(SERVICE_STOPPED));
    EXPECT_FALSE(second.is_running()) << "stop returned before the process had ended";

    last = run({"remove", kName});
    ASSERT_EQ(last.code, 0u) << last.output;
    EXPECT_FALSE(status());
    EXPECT_FALSE(registry::exists(kServiceKey));
    EXPECT_FALSE(registry::exists(registry::event_source_key(kName)));
}

TEST_F(Commands, RemoveStopsARunningServiceAndLeavesNothing) {
    install();
    ASSERT_EQ(run({"start", kName}).code, 0u);
    const Process process(status().value().dwProcessId);
    const CommandResult removed = run({"remove", kName});
    EXPECT_EQ(removed.code, 0u) << removed.output;
    EXPECT_FALSE(process.is_running());
    EXPECT_FALSE(status());
    EXPECT_FALSE(registry::exists(kServiceKey));
}

TEST_F(Commands, InstallingAgainIsAnUpdateThatShowsTheChanges) {
    install();
    CommandResult again = run({"install", text_of(script_), "--python", python()});
    EXPECT_EQ(again.code, 0u) << again.output;
    EXPECT_NE(again.output.find("unchanged"), std::string::npos) << again.output;
    again = run({"install", text_of(script_), "--python", python(), "--display-name", "Another name"});
    EXPECT_EQ(again.code, 0u) << again.output;
    EXPECT_NE(again.output.find("Another name"), std::string::npos) << again.output;
    EXPECT_EQ(registry::read_text(kServiceKey, "DisplayName").value_or(""), "Another name");
}

TEST_F(Commands, UpdateChangesTheStartType) {
    install();
    const CommandResult updated = run({"update", kName, "--startup", "auto"});
    EXPECT_EQ(updated.code, 0u) << updated.output;
    EXPECT_EQ(registry::read_number(kServiceKey, "Start").value_or(0), static_cast<std::uint32_t>(SERVICE_AUTO_START));
}

TEST_F(Commands, OldSpellingsWork) {
    CommandResult last = run({"--startup", "manual", "-install", text_of(script_), "--python", python()});
    EXPECT_EQ(last.code, 0u) << last.output;
    last = run({"/start", kName});
    EXPECT_EQ(last.code, 0u) << last.output;
    last = run({"--STOP", kName});
    EXPECT_EQ(last.code, 0u) << last.output;
    EXPECT_EQ(run({"-remove", kName}).code, 0u);
    EXPECT_FALSE(status());
}

TEST_F(Commands, InstallWithStartRunsIt) {
    const CommandResult installed = run({"install", text_of(script_), "--python", python(), "--start"});
    EXPECT_EQ(installed.code, 0u) << installed.output;
    ASSERT_TRUE(status());
    EXPECT_EQ(status()->dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING));
}

TEST_F(Commands, StartOfAServiceThatFailsSaysWhy) {
    TestService service("import_raises.Service");
    const CommandResult started = run({"start", service.name()});
    EXPECT_NE(started.code, 0u);
    EXPECT_NE(started.output.find("import: Gr\xC3\xBC\xC3\x9F" "e"), std::string::npos) << started.output;
}

TEST_F(Commands, UnknownServiceIsTheCodeOfTheScm) {
    const CommandResult result = run({"start", "PySvcTest nobody"});
    EXPECT_EQ(result.code, static_cast<DWORD>(ERROR_SERVICE_DOES_NOT_EXIST)) << result.output;
    EXPECT_NE(result.output.find("1060"), std::string::npos) << result.output;
}

TEST_F(Commands, InstallOfAnEndlessLoopDoesNotHang) {
    const fs::path script = folder_ / L"loop.py";
    write_file(script, read_file(script_) + "\nwhile True:\n    pass\n");
    const CommandResult installed = run({"install", text_of(script), "--startup", "manual", "--python", python()});
    EXPECT_EQ(installed.code, 0u) << installed.output;
    EXPECT_TRUE(status());
}

TEST_F(Commands, InstallNeverExecutesAScriptWithoutAClass) {
    const fs::path script = folder_ / L"program.py";
    write_file(script, "import os\nopen(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'executed'), 'w').close()\n");
    const CommandResult installed = run({"install", text_of(script), "--python", python()});
    EXPECT_EQ(installed.code, 2u) << installed.output;
    EXPECT_NE(installed.output.find("no service class"), std::string::npos) << installed.output;
    EXPECT_FALSE(fs::exists(folder_ / L"executed"));
}

TEST_F(Commands, InstallOfAMissingFileNamesIt) {
    const CommandResult installed = run({"install", text_of(folder_ / L"no such.py")});
    EXPECT_EQ(installed.code, 2u) << installed.output;
    EXPECT_NE(installed.output.find("no such.py"), std::string::npos) << installed.output;
}

TEST_F(Commands, WithoutArgumentsTheUsageIsShownQuickly) {
    const CommandResult result = run({});
    EXPECT_EQ(result.code, 2u);
    EXPECT_NE(result.output.find("install"), std::string::npos) << result.output;
}

TEST_F(Commands, VersionNamesTheEngines) {
    const CommandResult result = run({"version"});
    EXPECT_EQ(result.code, 0u);
    EXPECT_NE(result.output.find("servicemanager.cp3"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace pysvc::test
