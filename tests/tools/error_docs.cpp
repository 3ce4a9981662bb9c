// SPDX-License-Identifier: MIT
// Prints docs/errors.md (`error_docs errors`) or docs/configuration.md (`error_docs configuration`) from the tables
// that the program itself uses.
#include "host/base/error.hpp"
#include "host/base/message_text.hpp"
#include "host/service/settings.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace pysvc {
namespace {

/// Text as Markdown shows it, in a cell of a table.
std::string markdown(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_<>|#[]").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

/// The number that Event Viewer shows is the low half of the id.
std::string event_text(std::uint32_t id) {
    if (id == 0) return "none";
    const char* level = id >> 30 == 3 ? "error" : "warning";
    return fmt::format("{}, {} (0x{:08X})", level, id & 0xFFFF, id);
}

const char* category_text(EventCategory category) {
    return category == EventCategory::None ? "none" : message_text(static_cast<std::uint32_t>(category));
}

std::string exit_text(std::uint32_t code) {
    if (code == 0) return "none";
    return code < 0x10000 ? fmt::format("{}", code) : fmt::format("{} (0x{:08X})", code, code);
}

/// The groups of ErrorCode: sixteen codes each.
const char* group_title(std::uint32_t group) {
    switch (group) {
        case 0: return "The class string in the registry";
        case 1: return "Loading and constructing the class";
        case 2: return "Running it";
        case 3: return "Finding and loading Python";
        case 4: return "Deadlines";
        case 5: return "Talking to Windows";
        default: return nullptr;
    }
}

bool is_command_error(const ErrorInfo& info) { return static_cast<std::uint32_t>(info.code) >= 0x60; }

constexpr char kErrorsHead[] = R"(# Errors

Made from the table in `host/base/error.cpp` by `scripts/check-docs --write`.

Each error of a service is an event of the Application log, whose text begins with the name below, and the same text is
in the log of the service. The event says on what it failed, gives the system's own text where the system was involved,
and ends with the likely cause and the next step. Event Viewer shows the category as "Task Category", by which events can
be filtered; what a script writes itself has none.

The exit code is the service-specific one: `sc query` shows it as SERVICE_EXIT_CODE when WIN32_EXIT_CODE is 1066. After a
stop that was asked for, WIN32_EXIT_CODE is 0, so that recovery does not start the service again; the code beside it still
says what happened. "None" means that the error alone does not stop the service, or that another code says why it ended.
A code of 1 and 0x20000001 are what pywin32 reports in the same situations.

Two codes are not in the tables: a service that calls `sys.exit(n)` has the service-specific exit code n, and one that was
started while its process was ending has the Win32 code 1115.
)";

void print_errors() {
    std::string text = kErrorsHead;
    const char* title = nullptr;
    for (const ErrorInfo& info : error_table()) {
        if (is_command_error(info)) break;
        if (const char* next = group_title(static_cast<std::uint32_t>(info.code) >> 4); next != title) {
            title = next;
            text += fmt::format("\n## {}\n\n", title);
            text += "| Name | Event | Category | Exit code | What failed | Likely cause | Next step |\n";
            text += "|---|---|---|---|---|---|---|\n";
        }
        text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", info.name, event_text(info.event_id),
                            category_text(info.category), exit_text(info.exit_code), markdown(info.summary),
                            markdown(info.cause), markdown(info.remedy));
    }
    text +=
        "\n## Commands\n\nThe commands report these on stderr; they are no events. A command's exit code is the "
        "system's "
        "code, 2 for a\nusage error, and never 0 after a failure.\n\n";
    text += "| Name | What failed | Likely cause | Next step |\n|---|---|---|---|\n";
    for (const ErrorInfo& info : error_table()) {
        if (!is_command_error(info)) continue;
        text += fmt::format("| `{}` | {} | {} | {} |\n", info.name, markdown(info.summary), markdown(info.cause),
                            markdown(info.remedy));
    }
    std::fputs(text.c_str(), stdout);
}

const char* registry_type(SettingType type) {
    switch (type) {
        case SettingType::Text:
        case SettingType::Choice: return "REG\\_SZ";
        case SettingType::Lines: return "REG\\_MULTI\\_SZ";
        case SettingType::Milliseconds:
        case SettingType::Number:
        case SettingType::Flag: return "REG\\_DWORD";
    }
    return "";
}

std::string range_text(const SettingInfo& info) {
    switch (info.type) {
        case SettingType::Milliseconds: return fmt::format("{} to {} ms", info.minimum, info.maximum);
        case SettingType::Number: return fmt::format("{} to {}", info.minimum, info.maximum);
        case SettingType::Flag: return "0 or 1";
        case SettingType::Text:
        case SettingType::Lines:
        case SettingType::Choice: break;
    }
    return "";
}

std::string default_text(const SettingInfo& info) {
    const std::string_view text = info.default_text;
    if (text.empty()) return "empty";
    return markdown(text) + (info.type == SettingType::Milliseconds ? " ms" : "");
}

constexpr char kConfigurationHead[] = R"(# Configuration

Made from the table in `host/service/settings.cpp` by `scripts/check-docs --write`.

A service is configured by the values of its registry key

    HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\<service>\Parameters

They are read at every start. Names are compared without case; a REG_EXPAND_SZ is as good as a REG_SZ, and a number may be
written as text. A value that is out of range or of the wrong type is the event `config-value-invalid` and has its default:
no value keeps a service from starting. Values with other names are left alone.

| Name | Type | Default | Range | Meaning |
|---|---|---|---|---|
)";

void print_configuration() {
    std::string text = kConfigurationHead;
    for (const SettingInfo& info : setting_table()) {
        text += fmt::format("| {} | {} | {} | {} | {} |\n", info.name, registry_type(info.type), default_text(info),
                            range_text(info), markdown(info.help));
    }
    std::fputs(text.c_str(), stdout);
}

}  // namespace
}  // namespace pysvc

int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    if (what == "errors") {
        pysvc::print_errors();
    } else if (what == "configuration") {
        pysvc::print_configuration();
    } else {
        std::fputs("usage: error_docs errors|configuration\n", stderr);
        return 2;
    }
    return 0;
}
