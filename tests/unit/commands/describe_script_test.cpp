// SPDX-License-Identifier: MIT
#include "host/commands/describe_script.hpp"

#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

TEST(DescribeScript, DecodesValuesAndLists) {
    const auto description = parse_description(
        "noise without meaning\r\nmain=handle\r\nfile=/a%20b/m.py\ndirectory=/a%20b\nmodule=m\nclass=S\n"
        "name=caf%C3%A9\ndependencies=A,B%2C%20c\nunknown=description\nimport_error=E%3A%20x\nimported=m\nend=\n");
    ASSERT_TRUE(description);
    EXPECT_EQ(description->file, "/a b/m.py");
    EXPECT_EQ(description->name, "caf\xC3\xA9");
    EXPECT_EQ(description->dependencies, (std::vector<std::string>{"A", "B, c"}));
    EXPECT_TRUE(description->has_command_line);
    EXPECT_TRUE(description->imported);
    EXPECT_EQ(description->unknown, (std::vector<std::string>{"description"}));
    EXPECT_EQ(description->import_error, "E: x");
}

TEST(DescribeScript, AnswerWithoutItsLastLineIsVoid) {
    EXPECT_FALSE(parse_description("module=m\nclass=S\n"));
    EXPECT_FALSE(parse_description(""));
}

TEST(DescribeScript, BrokenEncodingIsKeptAsItIs) {
    const auto description = parse_description("module=100%\nclass=%4\nname=%zz\nend=\n");
    ASSERT_TRUE(description);
    EXPECT_EQ(description->module, "100%");
    EXPECT_EQ(description->class_name, "%4");
    EXPECT_EQ(description->name, "%zz");
}

TEST(DescribeScript, ErrorsHaveTheirCodes) {
    const auto code = [](const char* answer) { return parse_description(answer).error().code; };
    EXPECT_EQ(code("error=no-class\nmessage=x\nend=\n"), ErrorCode::NoServiceClass);
    EXPECT_EQ(code("error=several\nmessage=x\nclasses=A,B\nend=\n"), ErrorCode::SeveralServiceClasses);
    EXPECT_EQ(code("error=syntax\nmessage=x\nend=\n"), ErrorCode::DescribeFailed);
}

TEST(DescribeScript, TimeOutAndCrashAreErrors) {
    fakes::FakeChildProcess child;
    child.answer.timed_out = true;
    EXPECT_EQ(describe_script("python", "a.py", "", child).error().code, ErrorCode::DescribeTimedOut);
    child.answer = {3, "", "Fatal Python error\n", false};
    const auto crashed = describe_script("python", "a.py", "", child);
    EXPECT_EQ(crashed.error().code, ErrorCode::DescribeFailed);
    EXPECT_NE(crashed.error().context.find("Fatal Python error"), std::string::npos);
}

TEST(DescribeScript, ProgramGoesToStandardInputOfAnIsolatedPython) {
    fakes::FakeChildProcess child;
    child.answer.output = "module=m\nclass=S\nend=\n";
    ASSERT_TRUE(describe_script("/py/python.exe", "/x/a.py", "S", child));
    const ChildRequest& request = child.requests.at(0);
    EXPECT_EQ(request.program, "/py/python.exe");
    EXPECT_EQ(request.arguments, (std::vector<std::string>{"-I", "-", "file", "/x/a.py", "S"}));
    EXPECT_EQ(request.input, describe_program());
    EXPECT_EQ(request.limit, std::chrono::seconds(60));
}

TEST(DescribeScript, ProgramIsAscii) {
    for (const char c : describe_program()) ASSERT_LT(static_cast<unsigned char>(c), 0x80);
}

}  // namespace
}  // namespace pysvc
