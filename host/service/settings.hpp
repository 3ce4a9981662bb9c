// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/service_config.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

enum class FinalizeMode { Full, Off };

/// How a service that failed without being asked to stop leaves: with STOPPED and its code, or as a crash, without STOPPED
/// (recovery actions then run without the non-crash flag).
enum class FailAs { Stopped, Crash };

/// Who says that the service is RUNNING: its class by its status report, or servicemanager.NotifyReady.
enum class StartupMode { Report, Notify };

/// The configuration of a service: the values of its Parameters key, or their defaults. docs/configuration.md shows the
/// same table.
struct Settings {
    std::string python;             ///< python.exe, stored by install
    std::string working_directory;  ///< empty: the EXE's folder, as pywin32 has it
    std::vector<std::string> environment;  ///< NAME=VALUE, set before Python is loaded
    std::chrono::milliseconds start_timeout{600'000};
    std::chrono::milliseconds stop_timeout{60'000};
    std::chrono::milliseconds stop_kill_timeout{180'000};
    std::chrono::milliseconds stop_grace{3'000};
    std::chrono::milliseconds finalize_timeout{10'000};
    FinalizeMode finalize = FinalizeMode::Full;
    FailAs fail_as = FailAs::Stopped;
    StartupMode startup_mode = StartupMode::Report;
    std::chrono::milliseconds control_reply_wait{0};
    std::string log_directory;  ///< empty: %ProgramData%\PythonService\<service>
    std::uint32_t log_max_bytes = 10 * 1024 * 1024;
    std::uint32_t log_files = 5;
    std::uint32_t crash_files = 5;
    std::string log_level = "info";
    bool capture_output = true;
    bool use_environment = false;
    bool utf8_mode = false;
    // For the classes of pythonservice.programs, which run programs that have no service class.
    std::string program;  ///< script, module, function or application
    std::vector<std::string> program_arguments;
    std::string bind = "127.0.0.1:8000";  ///< where an ASGI or WSGI server listens
    std::string stop_signal = "auto";     ///< auto, sigint, sigterm, sigbreak or none
    std::string control_hook;             ///< module:function
};

/// Kind of a value, for the documentation and the checks.
enum class SettingType { Text, Lines, Milliseconds, Number, Flag, Choice };

/// One row of the table of settings.
struct SettingInfo {
    const char* name;
    SettingType type;
    const char* default_text;
    std::uint32_t minimum;  ///< of numbers
    std::uint32_t maximum;
    const char* help;
};

[[nodiscard]] std::span<const SettingInfo> setting_table();

/// Settings plus what was wrong with the values: an unknown or bad value is a warning and its default, never a failure.
struct ParsedSettings {
    Settings settings;
    std::vector<Error> warnings;
};

[[nodiscard]] ParsedSettings parse_settings(const std::string& service, std::span<const NamedValue> values);

/// The settings of `service` as the registry has them now, with REG_EXPAND_SZ expanded by the variables of this process. A
/// key that cannot be read is a warning and the defaults, too.
[[nodiscard]] ParsedSettings read_settings(const std::string& service, ServiceConfig& config);

/// A setting for pythonservice.programs by its name in the registry: one text, or each of a list; none when it is empty
/// or no such setting.
[[nodiscard]] std::vector<std::string> program_setting(const Settings& settings, std::string_view name);

/// The text of a REG_SZ or REG_EXPAND_SZ value; an odd length or a missing terminator is tolerated, a NUL inside and
/// every other type is an error (ClassValueWrongType, ClassValueHasNul).
[[nodiscard]] Result<std::string> text_of(const RawValue& value);

/// The strings of a REG_MULTI_SZ value, empty ones left out; nullopt for every other type.
[[nodiscard]] std::optional<std::vector<std::string>> lines_of(const RawValue& value);

}  // namespace pysvc
