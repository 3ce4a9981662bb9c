// SPDX-License-Identifier: MIT
#include "host/service/settings.hpp"

#include "host/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace pysvc {
namespace {

constexpr std::uint32_t kRegSz = 1;
constexpr std::uint32_t kRegExpandSz = 2;
constexpr std::uint32_t kRegDword = 4;
constexpr std::uint32_t kRegMultiSz = 7;

constexpr std::uint32_t kDay = 24 * 60 * 60 * 1000;

constexpr auto kTable = std::to_array<SettingInfo>({
    {"Python", SettingType::Text, "", 0, 0, "full path of the python.exe whose environment the service uses"},
    {"WorkingDirectory", SettingType::Text, "", 0, 0, "current folder of the service; empty: the folder of the EXE"},
    {"Environment", SettingType::Lines, "", 0, 0, "environment variables as NAME=VALUE, set before Python is loaded"},
    {"StartTimeout", SettingType::Milliseconds, "600000", 1'000, kDay, "time from start to RUNNING before the last resort"},
    {"StopTimeout", SettingType::Milliseconds, "60000", 1'000, kDay, "time after STOP before stacks are written"},
    {"StopKillTimeout", SettingType::Milliseconds, "180000", 1'000, kDay, "time after STOP before the last resort"},
    {"StopGrace", SettingType::Milliseconds, "3000", 0, kDay,
     "time for the code to end after the class reported STOPPED"},
    {"FinalizeTimeout", SettingType::Milliseconds, "10000", 100, kDay, "time for Python to shut down"},
    {"Finalize", SettingType::Choice, "full", 0, 0, "full: run atexit handlers and shut Python down; off: do not"},
    {"FailAs", SettingType::Choice, "stopped", 0, 0,
     "a service that fails unasked ends by stopped: STOPPED with its code; crash: without STOPPED"},
    {"StartupMode", SettingType::Choice, "report", 0, 0,
     "RUNNING comes by report: of the class; notify: when it calls servicemanager.NotifyReady"},
    {"ControlReplyWait", SettingType::Milliseconds, "0", 0, 25'000,
     "how long a sender of a control 128-255 waits for the result of the class"},
    {"LogDirectory", SettingType::Text, "", 0, 0, "folder of the log; empty: %ProgramData%\\PythonService\\<service>"},
    {"LogMaxBytes", SettingType::Number, "10485760", 65'536, 1U << 30, "size at which the log is rotated, in bytes"},
    {"LogFiles", SettingType::Number, "5", 1, 1'000, "number of old logs that are kept"},
    {"CrashFiles", SettingType::Number, "5", 0, 1'000, "number of minidumps and crash texts that are kept; 0: none are written"},
    {"LogLevel", SettingType::Choice, "info", 0, 0, "debug, info, warning or error"},
    {"CaptureOutput", SettingType::Flag, "1", 0, 1, "sys.stdout and sys.stderr go to the log"},
    {"UseEnvironment", SettingType::Flag, "0", 0, 1, "honour PYTHON* environment variables"},
    {"Utf8Mode", SettingType::Flag, "0", 0, 1, "Python's UTF-8 mode"},
    {"Program", SettingType::Text, "", 0, 0, "the script, module, function or application that runs without a class"},
    {"ProgramArguments", SettingType::Lines, "", 0, 0, "its arguments"},
    {"Bind", SettingType::Text, "127.0.0.1:8000", 0, 0, "HOST:PORT where an ASGI or WSGI application is served"},
    {"StopSignal", SettingType::Choice, "auto", 0, 0,
     "what STOP is for a program: auto, SIGINT, SIGTERM, SIGBREAK or none"},
    {"ControlHook", SettingType::Text, "", 0, 0, "module:function that is called for pause, continue and controls 128-255"},
});

std::u16string units_of(const RawValue& value) {
    std::u16string text(value.data.size() / sizeof(char16_t), u'\0');
    if (!text.empty()) std::memcpy(text.data(), value.data.data(), text.size() * sizeof(char16_t));
    return text;
}

std::optional<std::uint32_t> number_of(const RawValue& value) {
    if (value.type == kRegDword && value.data.size() == sizeof(std::uint32_t)) {
        std::uint32_t number = 0;
        std::memcpy(&number, value.data.data(), sizeof number);
        return number;
    }
    const auto text = text_of(value);
    if (!text || text->empty() || text->size() > 10) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : *text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return number <= UINT32_MAX ? std::optional(static_cast<std::uint32_t>(number)) : std::nullopt;
}

/// The member behind a row of the table, by the row's own name; nullptr for rows of another type.
std::string* text_member(Settings& settings, std::string_view name) {
    const std::pair<std::string_view, std::string*> rows[] = {{"Python", &settings.python},
                                                              {"WorkingDirectory", &settings.working_directory},
                                                              {"LogDirectory", &settings.log_directory},
                                                              {"LogLevel", &settings.log_level},
                                                              {"Program", &settings.program},
                                                              {"Bind", &settings.bind},
                                                              {"StopSignal", &settings.stop_signal},
                                                              {"ControlHook", &settings.control_hook}};
    const auto row = std::ranges::find(rows, name, &std::pair<std::string_view, std::string*>::first);
    return row == std::end(rows) ? nullptr : row->second;
}

bool is_choice(std::string_view name, std::string_view value) {
    static constexpr std::string_view kLogLevels[] = {"debug", "info", "warning", "error"};
    static constexpr std::string_view kSignals[] = {"auto", "sigint", "sigterm", "sigbreak", "none"};
    static constexpr std::string_view kFinalize[] = {"full", "off"};
    static constexpr std::string_view kFailAs[] = {"stopped", "crash"};
    static constexpr std::string_view kStartupModes[] = {"report", "notify"};
    using Choices = std::span<const std::string_view>;
    static constexpr std::pair<std::string_view, Choices> kChoices[] = {{"LogLevel", kLogLevels},
                                                                        {"StopSignal", kSignals},
                                                                        {"Finalize", kFinalize},
                                                                        {"FailAs", kFailAs},
                                                                        {"StartupMode", kStartupModes}};
    const auto row = std::ranges::find(kChoices, name, &std::pair<std::string_view, Choices>::first);
    return row != std::end(kChoices) && std::ranges::find(row->second, value) != row->second.end();
}

/// Puts one value into the settings; false when it is no value of this kind.
bool assign(Settings& settings, const SettingInfo& info, const RawValue& raw) {
    const std::string_view name = info.name;
    switch (info.type) {
        case SettingType::Text: {
            const auto text = text_of(raw);
            if (text) *text_member(settings, name) = *text;
            return text.has_value();
        }
        case SettingType::Lines: {
            auto lines = lines_of(raw);
            if (!lines) return false;
            (name == "Environment" ? settings.environment : settings.program_arguments) = std::move(*lines);
            return true;
        }
        case SettingType::Choice: {
            const auto text = text_of(raw);
            if (!text) return false;
            const std::string choice = lower_case(*text);
            if (!is_choice(name, choice)) return false;
            if (name == "Finalize") {
                settings.finalize = choice == "off" ? FinalizeMode::Off : FinalizeMode::Full;
            } else if (name == "FailAs") {
                settings.fail_as = choice == "crash" ? FailAs::Crash : FailAs::Stopped;
            } else if (name == "StartupMode") {
                settings.startup_mode = choice == "notify" ? StartupMode::Notify : StartupMode::Report;
            } else {
                *text_member(settings, name) = choice;
            }
            return true;
        }
        case SettingType::Milliseconds:
        case SettingType::Number:
        case SettingType::Flag: break;
    }
    const auto number = number_of(raw);
    if (!number || *number < info.minimum || *number > info.maximum) return false;
    const std::chrono::milliseconds time{*number};
    if (name == "StartTimeout") settings.start_timeout = time;
    if (name == "StopTimeout") settings.stop_timeout = time;
    if (name == "StopKillTimeout") settings.stop_kill_timeout = time;
    if (name == "StopGrace") settings.stop_grace = time;
    if (name == "FinalizeTimeout") settings.finalize_timeout = time;
    if (name == "ControlReplyWait") settings.control_reply_wait = time;
    if (name == "LogMaxBytes") settings.log_max_bytes = *number;
    if (name == "LogFiles") settings.log_files = *number;
    if (name == "CrashFiles") settings.crash_files = *number;
    if (name == "CaptureOutput") settings.capture_output = *number != 0;
    if (name == "UseEnvironment") settings.use_environment = *number != 0;
    if (name == "Utf8Mode") settings.utf8_mode = *number != 0;
    return true;
}

/// A REG_EXPAND_SZ becomes the REG_SZ that it means; one that is no text stays, and is judged with the others.
void expand(RawValue& value, ServiceConfig& config) {
    if (value.type != kRegExpandSz) return;
    const auto text = text_of(value);
    if (!text) return;
    const std::u16string units = utf16_from_utf8(config.expand_environment(*text));
    value.type = kRegSz;
    value.data.resize(units.size() * sizeof(char16_t));
    if (!units.empty()) std::memcpy(value.data.data(), units.data(), value.data.size());
}

}  // namespace

std::span<const SettingInfo> setting_table() { return kTable; }

std::vector<std::string> program_setting(const Settings& settings, std::string_view name) {
    if (name == "ProgramArguments") return settings.program_arguments;
    const std::string& text = name == "Program"      ? settings.program
                              : name == "Bind"       ? settings.bind
                              : name == "StopSignal" ? settings.stop_signal
                                                     : settings.control_hook;
    return text.empty() ? std::vector<std::string>() : std::vector<std::string>{text};
}

Result<std::string> text_of(const RawValue& value) {
    if (value.type != kRegSz && value.type != kRegExpandSz) {
        return failure(ErrorCode::ClassValueWrongType, 0, fmt::format("registry type {}", value.type));
    }
    std::u16string text = units_of(value);
    while (!text.empty() && text.back() == u'\0') text.pop_back();
    std::string utf8 = utf8_from_utf16(text);
    if (text.find(u'\0') != std::u16string::npos) {
        return failure(ErrorCode::ClassValueHasNul, 0, fmt::format("'{}'", escaped(utf8)));
    }
    return utf8;
}

std::optional<std::vector<std::string>> lines_of(const RawValue& value) {
    if (value.type != kRegMultiSz) return std::nullopt;
    std::vector<std::string> lines;
    std::u16string line;
    for (const char16_t unit : units_of(value)) {
        if (unit != u'\0') {
            line += unit;
        } else if (!line.empty()) {
            lines.push_back(utf8_from_utf16(std::exchange(line, {})));
        }
    }
    if (!line.empty()) lines.push_back(utf8_from_utf16(line));
    return lines;
}

ParsedSettings parse_settings(const std::string& service, std::span<const NamedValue> values) {
    ParsedSettings parsed;
    for (const NamedValue& value : values) {
        const auto row = std::ranges::find_if(
            kTable, [&](const SettingInfo& info) { return equal_ignoring_case(info.name, value.name); });
        // Other programs keep their own values here (pywin32's custom options do): only ours are judged.
        if (row == kTable.end() || assign(parsed.settings, *row, value.value)) continue;
        parsed.warnings.push_back(
            {ErrorCode::ConfigValueInvalid, 0,
             fmt::format("{}\\Parameters\\{}, default '{}'", service, value.name, row->default_text)});
    }
    return parsed;
}

ParsedSettings read_settings(const std::string& service, ServiceConfig& config) {
    auto values = config.parameters(service);
    if (!values) return {{}, {values.error()}};
    for (NamedValue& value : *values) expand(value.value, config);
    return parse_settings(service, *values);
}

}  // namespace pysvc
