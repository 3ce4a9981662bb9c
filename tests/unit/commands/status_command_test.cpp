// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/json.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "host/commands/service_log.hpp"
#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using fakes::RecordingPorts;

TEST(StatusCommand, ShowsStateAndConfiguration) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    ASSERT_TRUE(write_text(fake.registry, python_class_key("svc"), "", "C:\\x\\m.Class"));
    ASSERT_EQ(status_command({"svc", false, false}, fake.ports), 0);
    for (const char* part : {"svc: RUNNING", "process: 42", "start type: auto", "LocalSystem", "C:\\x\\m.Class"}) {
        EXPECT_NE(fake.output.out.find(part), std::string::npos) << part;
    }
}

TEST(StatusCommand, JsonIsStable) {
    RecordingPorts fake;
    fake.scm.add("svc").snapshot = fakes::FakeScmClient::stopped_with(ExitStatus::service_specific(0x20000001));
    ASSERT_EQ(status_command({"svc", true, false}, fake.ports), 0);
    EXPECT_TRUE(fake.output.out.starts_with(
        R"J({"name": "svc", "display_name": "svc (display)", "state": "STOPPED", "pid": 0, "start_type": "auto", )J"
        R"J("account": "LocalSystem", "command_line": "", "class": "", "python": "", "checkpoint": 0, )J"
        R"J("wait_hint_ms": 0, "exit": {"win32": 1066, "specific": 536870913, "error": "run-raised"}, "log": ")J"))
        << fake.output.out;
}

TEST(StatusCommand, QuietGivesLsbCodes) {
    RecordingPorts fake;
    fake.scm.add("running", State::Running);
    fake.scm.add("stopped");
    EXPECT_EQ(status_command({"running", false, true}, fake.ports), 0);
    EXPECT_EQ(status_command({"stopped", false, true}, fake.ports), 3);
    EXPECT_EQ(status_command({"unknown", false, true}, fake.ports), 4);
    EXPECT_EQ(fake.output.out + fake.output.err, "");
}

TEST(StatusCommand, UnknownServiceIs1060) {
    RecordingPorts fake;
    const auto code = status_command({"svc", false, false}, fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 1060);
}

TEST(StatusCommand, WithoutANameListsOurs) {
    RecordingPorts fake;
    fake.scm.add("ours");
    fake.scm.add("theirs");
    ASSERT_TRUE(write_text(fake.registry, python_class_key("ours"), "", "m.Class"));
    ASSERT_EQ(status_command({}, fake.ports), 0);
    EXPECT_EQ(fake.output.out, "ours: STOPPED\n");
}

TEST(Json, EscapesEverythingThatIsNotPlainAscii) {
    EXPECT_EQ(json_string("a\"b\\c\n\xC3\xA9\xF0\x9F\x98\x80"), "\"a\\\"b\\\\c\\u000a\\u00e9\\ud83d\\ude00\"");
}

TEST(ServiceLog, LastLines) {
    const fakes::TemporaryFolder folder;
    EXPECT_TRUE(last_lines(folder.str() + "/none.log", 3).empty());
    const std::string file = folder.file(u8"a.log", "one\r\ntwo\r\n\r\nfour\r\n");
    EXPECT_EQ(last_lines(file, 3), (std::vector<std::string>{"two", "", "four"}));
    EXPECT_EQ(last_lines(file, 9).size(), 4U);
}

TEST(Report, ExitCodesAreNeverZero) {
    EXPECT_EQ(exit_code_of({ErrorCode::Usage, 0, ""}), 2);
    EXPECT_EQ(exit_code_of({ErrorCode::NoServiceClass, 0, ""}), 2);
    EXPECT_EQ(exit_code_of({ErrorCode::ServiceControlFailed, 1060, ""}), 1060);
    EXPECT_EQ(exit_code_of({ErrorCode::NotSupportedHere, 0, ""}), 50);
    EXPECT_EQ(exit_code_of({ErrorCode::DescribeFailed, 0, ""}), 1);
    for (const ErrorInfo& info : error_table()) EXPECT_NE(exit_code_of({info.code, 0, ""}), 0) << info.name;
}

TEST(Report, ExplainsExitStatuses) {
    EXPECT_EQ(explain_exit({}), "0");
    EXPECT_EQ(explain_exit({1077, 0}), "never started");
    EXPECT_NE(explain_exit({1066, 0x20000001}).find("0x20000001"), std::string::npos);
    EXPECT_NE(explain_exit({1066, 0x20000001}).find("exception"), std::string::npos);
    EXPECT_NE(explain_exit({1066, 77}).find("service-specific 77"), std::string::npos);
}

}  // namespace
}  // namespace pysvc
