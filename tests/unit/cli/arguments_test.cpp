// SPDX-License-Identifier: MIT
#include "host/cli/arguments.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using Words = std::vector<std::string>;

struct Case {
    const char* title;
    Words typed;
    Verb verb;
    Words arguments;
    Words service_arguments;
};

class Normalise : public testing::TestWithParam<Case> {};

TEST_P(Normalise, FindsVerbAndKeepsTheRest) {
    const auto line = normalise(GetParam().typed);
    ASSERT_TRUE(line) << line.error().context;
    EXPECT_EQ(line->verb, GetParam().verb);
    EXPECT_EQ(line->arguments, GetParam().arguments);
    EXPECT_EQ(line->service_arguments, GetParam().service_arguments);
    EXPECT_TRUE(names_command(GetParam().typed));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, Normalise,
    testing::Values(
        Case{"Plain", {"install", "a.py"}, Verb::Install, {"a.py"}, {}},
        Case{"OneDash", {"-install", "a.py"}, Verb::Install, {"a.py"}, {}},
        Case{"TwoDashes", {"--install", "a.py"}, Verb::Install, {"a.py"}, {}},
        Case{"Slash", {"/install", "a.py"}, Verb::Install, {"a.py"}, {}},
        Case{"AnyCase", {"/INSTALL", "A.py"}, Verb::Install, {"A.py"}, {}},
        Case{"Uninstall", {"uninstall", "x"}, Verb::Remove, {"x"}, {}},
        Case{"Delete", {"Delete", "x"}, Verb::Remove, {"x"}, {}},
        Case{"Run", {"run", "a.py"}, Verb::Debug, {"a.py"}, {}},
        Case{
            "OptionBefore", {"--startup", "auto", "install", "a.py"}, Verb::Install, {"--startup", "auto", "a.py"}, {}},
        Case{"EqualsBefore", {"--startup=auto", "install"}, Verb::Install, {"--startup=auto"}, {}},
        Case{"FlagBefore", {"--interactive", "update", "a.py"}, Verb::Update, {"--interactive", "a.py"}, {}},
        Case{"OptionAfter", {"install", "a.py", "--startup", "auto"}, Verb::Install, {"a.py", "--startup", "auto"}, {}},
        Case{"ValueIsVerb", {"--name", "stop", "install", "a.py"}, Verb::Install, {"--name", "stop", "a.py"}, {}},
        Case{"UpperCaseOption", {"--NAME", "stop", "install"}, Verb::Install, {"--NAME", "stop"}, {}},
        Case{"ServiceIsVerb", {"stop", "status"}, Verb::Stop, {"status"}, {}},
        Case{"StartVerb", {"--start", "svc"}, Verb::Start, {"svc"}, {}},
        Case{"StartOption", {"--start", "install", "a.py"}, Verb::Install, {"--start", "a.py"}, {}},
        Case{"StartOptionAfter", {"install", "--start", "a.py"}, Verb::Install, {"--start", "a.py"}, {}},
        Case{"Wait", {"--wait", "30", "stop", "svc"}, Verb::Stop, {"--wait", "30", "svc"}, {}},
        Case{"Version", {"--version"}, Verb::Version, {}, {}}, Case{"Help", {"-h"}, Verb::Help, {}, {}},
        Case{"HelpSlash", {"/?"}, Verb::Help, {}, {}}, Case{"Debug", {"-debug", "svc"}, Verb::Debug, {"svc"}, {}},
        Case{"DebugArguments",
             {"/debug", "svc", "--name", "x", "-install", "--"},
             Verb::Debug,
             {"svc"},
             {"--name", "x", "-install", "--"}},
        Case{"DebugOptionsFirst",
             {"debug", "--python", "p", "a.py", "-v"},
             Verb::Debug,
             {"--python", "p", "a.py"},
             {"-v"}},
        Case{"DebugOptionBeforeVerb", {"--python=p", "debug", "a.py", "b"}, Verb::Debug, {"--python=p", "a.py"}, {"b"}},
        Case{"DebugProgram", {"debug", "--script", "a.py", "b", "-c"}, Verb::Debug, {"--script", "a.py"}, {"b", "-c"}},
        Case{"DebugProgramAndDashes",
             {"debug", "--call=m:f", "--name", "n", "--", "--b", "--"},
             Verb::Debug,
             {"--call=m:f", "--name", "n"},
             {"--b", "--"}},
        Case{"DebugProgramBeforeVerb", {"--wsgi", "m:a", "debug", "b"}, Verb::Debug, {"--wsgi", "m:a"}, {"b"}},
        Case{"DebugProgramAlone", {"debug", "--module", "m"}, Verb::Debug, {"--module", "m"}, {}},
        Case{"DebugAlone", {"debug"}, Verb::Debug, {}, {}}),
    [](const auto& test) { return test.param.title; });

TEST(Arguments, UnknownVerbNamesTheNearest) {
    const auto line = normalise(Words{"instal", "a.py"});
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, ErrorCode::Usage);
    EXPECT_NE(line.error().context.find("'install'"), std::string::npos);
    EXPECT_STREQ(nearest_verb("sotp"), "stop");
    EXPECT_STREQ(nearest_verb("RESTRAT"), "restart");
    EXPECT_EQ(nearest_verb("frobnicate"), nullptr);
}

TEST(Arguments, ScriptWithoutVerbIsToldHowToInstallIt) {
    const auto line = normalise(Words{"backup.py"});
    ASSERT_FALSE(line);
    EXPECT_NE(line.error().context.find("install backup.py"), std::string::npos);
}

TEST(Arguments, WhatAServiceIsStartedWithIsNoCommand) {
    EXPECT_FALSE(names_command(Words{}));
    EXPECT_FALSE(names_command(Words{"--service"}));
    EXPECT_FALSE(names_command(Words{"--service", "--group", "g"}));
    EXPECT_FALSE(names_command(Words{"something"}));
}

TEST(Arguments, PasswordLeavesTheArguments) {
    for (const Words& typed :
         {Words{"install", "--password", "s3cret", "a.py"}, Words{"install", "--PassWord=s3cret", "a.py"},
          Words{"--password", "s3cret", "install", "a.py"}}) {
        const auto line = normalise(typed);
        ASSERT_TRUE(line);
        EXPECT_EQ(line->arguments, Words{"a.py"});
        ASSERT_TRUE(line->password);
        EXPECT_EQ(line->password->reveal(), "s3cret");
    }
}

TEST(Arguments, WhatFollowsTwoDashesIsTheProgramsOwn) {
    const auto line = normalise(Words{"install", "--script", "a.py", "--", "--start", "--", "x"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->arguments, (Words{"--script", "a.py"}));
    EXPECT_EQ(line->program_arguments, (Words{"--start", "--", "x"}));
    EXPECT_EQ(normalise(Words{"update", "svc", "--"})->program_arguments, Words{});
    EXPECT_EQ(normalise(Words{"update", "svc"})->program_arguments, std::nullopt);
}

TEST(Arguments, PasswordThatLooksLikeAnOptionIsOne) {
    const auto line = normalise(Words{"install", "--password", "--start", "a.py"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->password->reveal(), "--start");
}

TEST(Arguments, PasswordWithoutValueIsUsage) {
    const auto line = normalise(Words{"install", "a.py", "--password"});
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, ErrorCode::Usage);
}

TEST(Arguments, HelpTakesATopic) {
    const auto line = normalise(Words{"help", "-Stop"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->help_topic, Verb::Stop);
}

}  // namespace
}  // namespace pysvc
