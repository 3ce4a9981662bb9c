// SPDX-License-Identifier: MIT
#include "host/service/settings.hpp"

#include "tests/fakes/fake_config.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using fakes::lines_value;
using fakes::number_value;
using fakes::raw_value;
using fakes::text_value;

ParsedSettings parse(const std::string& name, RawValue value) {
    const NamedValue values[] = {{name, std::move(value)}};
    return parse_settings("svc", values);
}

TEST(Settings, NothingGivenMeansDefaultsAndNoWarning) {
    const auto parsed = parse_settings("svc", {});
    EXPECT_TRUE(parsed.warnings.empty());
    EXPECT_EQ(parsed.settings.start_timeout, 600s);
    EXPECT_EQ(parsed.settings.stop_timeout, 60s);
    EXPECT_EQ(parsed.settings.stop_kill_timeout, 180s);
    EXPECT_EQ(parsed.settings.stop_grace, 3s);
    EXPECT_EQ(parsed.settings.finalize_timeout, 10s);
    EXPECT_EQ(parsed.settings.finalize, FinalizeMode::Full);
    EXPECT_EQ(parsed.settings.control_reply_wait, 0ms);
    EXPECT_TRUE(parsed.settings.capture_output);
    EXPECT_FALSE(parsed.settings.use_environment);
}

TEST(Settings, EveryRowOfTheTableIsTakenAndItsDefaultIsTheDefault) {
    // Writing each default down must change nothing, and something else must
    // change something.
    for (const SettingInfo& info : setting_table()) {
        SCOPED_TRACE(info.name);
        const bool lines = info.type == SettingType::Lines;
        const auto same = parse(info.name, lines ? lines_value({}) : text_value(info.default_text));
        EXPECT_TRUE(same.warnings.empty());
    }
}

TEST(Settings, ReadsEveryKindOfValue) {
    const NamedValue values[] = {
        {"Python", text_value(R"(C:\venv\Scripts\python.exe)")},
        {"WorkingDirectory", text_value(R"(C:\Dienste für Öl)")},
        {"Environment", lines_value({"A=1", "B=zwei"})},
        {"StartTimeout", number_value(5'000)},
        {"StopTimeout", number_value(6'000)},
        {"StopKillTimeout", number_value(7'000)},
        {"StopGrace", number_value(0)},
        {"FinalizeTimeout", number_value(900)},
        {"Finalize", text_value("Off")},
        {"FailAs", text_value("Crash")},
        {"StartupMode", text_value("notify")},
        {"ControlReplyWait", number_value(250)},
        {"LogDirectory", text_value(R"(D:\logs)")},
        {"LogMaxBytes", number_value(100'000)},
        {"LogFiles", number_value(9)},
        {"CrashFiles", number_value(0)},
        {"LogLevel", text_value("DEBUG")},
        {"CaptureOutput", number_value(0)},
        {"UseEnvironment", number_value(1)},
        {"Utf8Mode", number_value(1)},
        {"Program", text_value("app:main")},
        {"ProgramArguments", lines_value({"-a", "b c"})},
        {"Bind", text_value("[::1]:80")},
        {"StopSignal", text_value("SIGTERM")},
        {"ControlHook", text_value("app:hook")},
    };
    ASSERT_EQ(std::size(values), setting_table().size()) << "a row has no test";
    const auto parsed = parse_settings("svc", values);
    EXPECT_TRUE(parsed.warnings.empty());
    const Settings& settings = parsed.settings;
    EXPECT_EQ(settings.python, R"(C:\venv\Scripts\python.exe)");
    EXPECT_EQ(settings.working_directory, R"(C:\Dienste für Öl)");
    EXPECT_EQ(settings.environment, (std::vector<std::string>{"A=1", "B=zwei"}));
    EXPECT_EQ(settings.start_timeout, 5s);
    EXPECT_EQ(settings.stop_timeout, 6s);
    EXPECT_EQ(settings.stop_kill_timeout, 7s);
    EXPECT_EQ(settings.stop_grace, 0s);
    EXPECT_EQ(settings.finalize_timeout, 900ms);
    EXPECT_EQ(settings.finalize, FinalizeMode::Off);
    EXPECT_EQ(settings.fail_as, FailAs::Crash);
    EXPECT_EQ(settings.startup_mode, StartupMode::Notify);
    EXPECT_EQ(settings.control_reply_wait, 250ms);
    EXPECT_EQ(settings.log_directory, R"(D:\logs)");
    EXPECT_EQ(settings.log_max_bytes, 100'000U);
    EXPECT_EQ(settings.log_files, 9U);
    EXPECT_EQ(settings.crash_files, 0U);
    EXPECT_EQ(settings.log_level, "debug");
    EXPECT_FALSE(settings.capture_output);
    EXPECT_TRUE(settings.use_environment);
    EXPECT_TRUE(settings.utf8_mode);
    using Texts = std::vector<std::string>;
    EXPECT_EQ(program_setting(settings, "Program"), Texts{"app:main"});
    EXPECT_EQ(program_setting(settings, "ProgramArguments"), (Texts{"-a", "b c"}));
    EXPECT_EQ(program_setting(settings, "Bind"), Texts{"[::1]:80"});
    EXPECT_EQ(program_setting(settings, "StopSignal"), Texts{"sigterm"});
    EXPECT_EQ(program_setting(settings, "ControlHook"), Texts{"app:hook"});
}

TEST(Settings, ProgramSettingsThatAreEmptyHaveNoText) {
    EXPECT_TRUE(program_setting({}, "Program").empty());
    EXPECT_TRUE(program_setting({}, "ProgramArguments").empty());
    EXPECT_TRUE(program_setting({}, "ControlHook").empty());
    EXPECT_EQ(program_setting({}, "Bind"), std::vector<std::string>{"127.0.0.1:8000"});
    EXPECT_EQ(program_setting({}, "StopSignal"), std::vector<std::string>{"auto"});
}

TEST(Settings, NumbersMayBeTextAndNamesAreComparedWithoutCase) {
    EXPECT_EQ(parse("StopTimeout", text_value("15000")).settings.stop_timeout, 15s);
    EXPECT_EQ(parse("stoptimeout", number_value(15'000)).settings.stop_timeout, 15s);
}

TEST(Settings, ABadValueIsAWarningAndTheDefault) {
    const auto refused = [](const std::string& name, RawValue value) {
        const auto parsed = parse(name, std::move(value));
        return parsed.warnings.size() == 1 && parsed.warnings[0].code == ErrorCode::ConfigValueInvalid &&
               parsed.warnings[0].context.find("svc\\Parameters\\" + name) != std::string::npos;
    };
    EXPECT_TRUE(refused("StopTimeout", number_value(999)));
    EXPECT_TRUE(refused("StopTimeout", number_value(86'400'001)));
    EXPECT_TRUE(refused("StopTimeout", text_value("soon")));
    EXPECT_TRUE(refused("StopTimeout", text_value("-1")));
    EXPECT_TRUE(refused("StopTimeout", text_value("")));
    EXPECT_TRUE(refused("StopTimeout", text_value("4294967296")));
    EXPECT_TRUE(refused("StopTimeout", text_value("99999999999999999999")));
    EXPECT_TRUE(refused("StopTimeout", RawValue{fakes::kRegDword, std::vector<std::byte>(3)}));
    EXPECT_TRUE(refused("StopTimeout", lines_value({"5000"})));
    EXPECT_TRUE(refused("ControlReplyWait", number_value(25'001)));
    EXPECT_TRUE(refused("CaptureOutput", number_value(2)));
    EXPECT_TRUE(refused("LogFiles", number_value(0)));
    EXPECT_TRUE(refused("LogMaxBytes", number_value(1'000)));
    EXPECT_TRUE(refused("LogLevel", text_value("loud")));
    EXPECT_TRUE(refused("Finalize", text_value("perhaps")));
    EXPECT_TRUE(refused("Python", number_value(3)));
    EXPECT_TRUE(refused("LogDirectory", raw_value(fakes::kRegSz, u"a\0b"sv)));
    EXPECT_TRUE(refused("Environment", text_value("A=1")));
    EXPECT_EQ(parse("StopTimeout", number_value(999)).settings.stop_timeout, 60s);
}

TEST(Settings, TheLimitsThemselvesAreAllowed) {
    for (const SettingInfo& info : setting_table()) {
        if (info.type != SettingType::Milliseconds && info.type != SettingType::Number &&
            info.type != SettingType::Flag) {
            continue;
        }
        EXPECT_TRUE(parse(info.name, number_value(info.minimum)).warnings.empty()) << info.name;
        EXPECT_TRUE(parse(info.name, number_value(info.maximum)).warnings.empty()) << info.name;
        EXPECT_FALSE(parse(info.name, number_value(info.maximum + 1)).warnings.empty()) << info.name;
    }
}

TEST(Settings, OneBadValueLeavesTheOthersAlone) {
    const NamedValue values[] = {{"StopTimeout", number_value(1)}, {"StartTimeout", number_value(5'000)}};
    const auto parsed = parse_settings("svc", values);
    EXPECT_EQ(parsed.warnings.size(), 1U);
    EXPECT_EQ(parsed.settings.start_timeout, 5s);
}

TEST(Settings, ValuesOfOtherProgramsAreLeftAlone) {
    EXPECT_TRUE(parse("TheirOwnOption", number_value(7)).warnings.empty());
}

TEST(Settings, VariablesInTextAreExpanded) {
    fakes::FakeConfig config;
    config.set_variable("Tools", "C:\\Werkzeug \xE2\x82\xAC");
    config.set_parameter("svc", "Python", text_value("%Tools%\\python.exe", fakes::kRegExpandSz));
    config.set_parameter("svc", "WorkingDirectory", text_value("%Tools%"));
    const auto read = read_settings("svc", config);
    EXPECT_TRUE(read.warnings.empty());
    EXPECT_EQ(read.settings.python, "C:\\Werkzeug \xE2\x82\xAC\\python.exe");
    EXPECT_EQ(read.settings.working_directory, "%Tools%") << "REG_SZ means what it says";
}

TEST(Settings, KeyThatCannotBeReadIsAWarning) {
    fakes::FakeConfig config;
    config.fail_parameters({ErrorCode::OperatingSystem, 5, "reading"});
    const auto read = read_settings("svc", config);
    ASSERT_EQ(read.warnings.size(), 1U);
    EXPECT_EQ(read.warnings[0].os_code, 5U);
    EXPECT_EQ(read.settings.start_timeout, 600s);
}

TEST(Settings, NamesAreUnique) {
    std::set<std::string> names;
    for (const SettingInfo& info : setting_table()) EXPECT_TRUE(names.insert(info.name).second) << info.name;
}

TEST(RegistryText, ToleratesWhatRegistriesHold) {
    EXPECT_EQ(*fakes::text_value("x").data.data(), std::byte{'x'});
    EXPECT_EQ(*text_of(raw_value(fakes::kRegSz, u"ab")), "ab");
    EXPECT_EQ(*text_of(raw_value(fakes::kRegSz, u"ab\0\0\0"sv)), "ab");
    EXPECT_EQ(*text_of(RawValue{fakes::kRegSz, {}}), "");
    EXPECT_EQ(*text_of(RawValue{fakes::kRegSz, {std::byte{'x'}}}), "");
    EXPECT_EQ(text_of(raw_value(fakes::kRegSz, u"a\0b"sv)).error().code, ErrorCode::ClassValueHasNul);
    EXPECT_EQ(text_of(number_value(1)).error().code, ErrorCode::ClassValueWrongType);
}

TEST(RegistryLines, LeavesEmptyStringsOut) {
    EXPECT_EQ(*lines_of(lines_value({"a", "", "b"})), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(*lines_of(raw_value(fakes::kRegMultiSz, u"a\0b"sv)), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(*lines_of(RawValue{fakes::kRegMultiSz, {}}), std::vector<std::string>());
    EXPECT_EQ(lines_of(text_value("a")), std::nullopt);
}

}  // namespace
}  // namespace pysvc
