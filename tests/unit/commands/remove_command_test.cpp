// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "host/commands/service_log.hpp"
#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace pysvc {
namespace {

using fakes::RecordingPorts;

void install(RecordingPorts& fake) {
    InstallRequest request;
    request.subject = fake.script;
    ASSERT_TRUE(install_command(std::move(request), fake.ports));
    std::filesystem::create_directories(default_log_folder("backup", fake.ports.folders));
    fake.scm.calls.clear();
}

TEST(RemoveCommand, LeavesNothing) {
    RecordingPorts fake;
    install(fake);
    const auto code = remove_command({"backup", false, {}}, fake.ports);
    ASSERT_TRUE(code) << code.error().context;
    EXPECT_TRUE(fake.scm.installed.empty());
    EXPECT_FALSE(fake.registry.has_key(event_source_key("backup")));
    EXPECT_FALSE(std::filesystem::exists(default_log_folder("backup", fake.ports.folders)));
    EXPECT_NE(fake.output.out.find("backup: removed"), std::string::npos);
}

TEST(RemoveCommand, StopsFirst) {
    RecordingPorts fake;
    install(fake);
    fake.scm.installed.at("backup").snapshot = fakes::FakeScmClient::in_state(State::Running, 42);
    ASSERT_TRUE(remove_command({"backup", false, {}}, fake.ports));
    EXPECT_EQ(fake.scm.calls, (std::vector<std::string>{"control backup", "remove backup"}));
}

TEST(RemoveCommand, DoesNotDeleteWhatDoesNotStop) {
    RecordingPorts fake;
    install(fake);
    fake.scm.installed.at("backup").snapshot = fakes::FakeScmClient::in_state(State::Running, 42);
    fake.scm.failures["control"] = {1051};
    const auto code = remove_command({"backup", false, {}}, fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(fake.scm.calls, (std::vector<std::string>{"control backup"}));
}

TEST(RemoveCommand, KeepsLogs) {
    RecordingPorts fake;
    install(fake);
    fake.folder.file(u8"data/PythonService/backup/backup.log", "line\n");
    ASSERT_TRUE(remove_command({"backup", false, {}}, fake.ports));
    EXPECT_TRUE(std::filesystem::exists(default_log_folder("backup", fake.ports.folders)));
    EXPECT_NE(fake.output.err.find("logs stay"), std::string::npos);
}

TEST(RemoveCommand, KeepsEventSourcesOfOthers) {
    RecordingPorts fake;
    install(fake);
    ASSERT_TRUE(write_text(fake.registry, event_source_key("backup"), "EventMessageFile", "C:\\other.dll"));
    ASSERT_TRUE(remove_command({"backup", false, {}}, fake.ports));
    EXPECT_TRUE(fake.registry.has_key(event_source_key("backup")));
}

TEST(RemoveCommand, ServiceThatIsHeldOpenIsExplained) {
    RecordingPorts fake;
    install(fake);
    fake.scm.held_open = true;
    const auto code = remove_command({"backup", false, {}}, fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(finish(code, fake.output), 1072);
    EXPECT_NE(fake.output.err.find("Services console"), std::string::npos);
}

TEST(RemoveCommand, RefusesServicesOfOthersUnlessForced) {
    RecordingPorts fake;
    fake.scm.add("spooler").setup.image_path = "C:\\spool.exe";
    EXPECT_FALSE(remove_command({"spooler", false, {}}, fake.ports));
    EXPECT_TRUE(fake.scm.calls.empty());
    EXPECT_TRUE(remove_command({"spooler", true, {}}, fake.ports));
}

TEST(RemoveCommand, UnknownServiceIs1060) {
    RecordingPorts fake;
    const auto code = remove_command({"backup", false, {}}, fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 1060);
}

}  // namespace
}  // namespace pysvc
