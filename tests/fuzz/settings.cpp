// SPDX-License-Identifier: MIT
// The Parameters key of a service, any names, types and bytes: pysvc::parse_settings.
#include "host/service/settings.hpp"
#include "tests/fakes/fake_config.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstring>
#include <set>

namespace pysvc::fuzz {
namespace {

/// The value of a row as it is stored in `settings`, in the unit of its limits; 0 for rows that are no number.
std::uint64_t number_in(const Settings& settings, std::string_view row) {
    const auto count = [](std::chrono::milliseconds time) { return static_cast<std::uint64_t>(time.count()); };
    if (row == "StartTimeout") return count(settings.start_timeout);
    if (row == "StopTimeout") return count(settings.stop_timeout);
    if (row == "StopKillTimeout") return count(settings.stop_kill_timeout);
    if (row == "StopGrace") return count(settings.stop_grace);
    if (row == "FinalizeTimeout") return count(settings.finalize_timeout);
    if (row == "ControlReplyWait") return count(settings.control_reply_wait);
    if (row == "LogMaxBytes") return settings.log_max_bytes;
    if (row == "LogFiles") return settings.log_files;
    if (row == "CrashFiles") return settings.crash_files;
    return 0;
}

NamedValue take_value(FuzzedDataProvider& input) {
    const auto table = setting_table();
    const std::size_t row = input.ConsumeIntegralInRange<std::size_t>(0, table.size());
    const std::string name = row < table.size() ? table[row].name : input.ConsumeRandomLengthString();
    const auto type = input.ConsumeIntegralInRange<std::uint32_t>(0, 11);
    const std::string bytes = input.ConsumeRandomLengthString();
    RawValue value{type, std::vector<std::byte>(bytes.size())};
    if (!bytes.empty()) std::memcpy(value.data.data(), bytes.data(), bytes.size());
    return {name, value};
}

void check(FuzzedDataProvider& input) {
    fakes::FakeConfig config;
    std::set<std::string> named;
    while (input.remaining_bytes() != 0) {
        const NamedValue value = take_value(input);
        named.insert(lower_case(value.name));
        config.set_parameter("service", value.name, value.value);
    }
    const ParsedSettings parsed = read_settings("service", config);
    for (const SettingInfo& row : setting_table()) {
        const bool number = row.type == SettingType::Milliseconds || row.type == SettingType::Number;
        if (!number) continue;
        const std::uint64_t value = number_in(parsed.settings, row.name);
        require(value >= row.minimum && value <= row.maximum, "a number is within its limits");
        require(named.contains(lower_case(row.name)) || std::to_string(value) == row.default_text,
                "what is not named has its default");
    }
    for (const Error& warning : parsed.warnings) {
        require(warning.code == ErrorCode::ConfigValueInvalid, "a bad value is a warning of its own");
        require(is_printable(warning.context), "the context of a warning can be logged");
    }
    for (const std::string* text : {&parsed.settings.python, &parsed.settings.working_directory, &parsed.settings.program,
                                    &parsed.settings.log_directory, &parsed.settings.bind}) {
        require(text->find('\0') == std::string::npos, "no text has a NUL");
    }
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    pysvc::fuzz::check(input);
    return 0;
}
