// SPDX-License-Identifier: MIT
#include "host/commands/report.hpp"

#include "host/commands/quoting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pysvc {
namespace {

/// What a Win32 code of the SCM means for someone who manages a service.
struct Advice {
    std::uint32_t os_code;
    const char* cause;
    const char* remedy;
};

constexpr auto kAdvice = std::to_array<Advice>({
    {5, "the command needs administrator rights and this prompt has none",
     "open a command prompt with 'Run as administrator' and repeat the command there"},
    {123, "a service name has at most 256 characters and none of / and \\", "give another one with --name"},
    {1051, "other services that depend on it are running", "stop those first"},
    {1052, "the service does not accept this control in its present state", "PythonService status NAME"},
    {1053, "the service's process did not answer the Service Control Manager in time, or ended at once",
     "run the service on this console to see why: PythonService debug NAME"},
    {1055, "another service is just being started", "repeat the command"},
    {1056, "it was started before", "PythonService status NAME"},
    {1057, "the account does not exist, or is not written as DOMAIN\\user or .\\user", "correct --username"},
    {1058, "its start type is 'disabled', or it has no enabled devices", "PythonService update NAME --startup manual"},
    {1060, "a typing error, or it was never installed", "PythonService status lists the services that exist"},
    {1061, "it is just starting or stopping", "wait a moment and repeat the command"},
    {1062, "it was stopped before, or ended itself", "PythonService status NAME"},
    {1068, "a service it depends on did not start", "start that one first; PythonService status NAME lists them"},
    {1069, "the password is wrong, or the account has no right to log on as a service",
     "PythonService update NAME --username ACCOUNT, and grant the right in Local Security Policy"},
    {1072, "the service is deleted, but a program still holds it open",
     "close the Services console, Event Viewer and Task Manager, and repeat the command; else restart Windows"},
    {1073, "a service of that name exists and is not one of this program", "choose another name with --name"},
    {1078, "another service has this display name", "choose another one with --display-name"},
    {1079, "the services of a group share one process, which has one account",
     "give all services of the group the same --username, or choose another --group"},
    {1083, "the process of its group was running before the service joined the group",
     "stop all services of the group, then start them again"},
    {1223, "Ctrl+C was pressed while waiting; what was asked for goes on", "PythonService status NAME"},
});

const Advice* advice_for(const Error& error) {
    using enum ErrorCode;
    if (error.code != ServiceControlFailed && error.code != OperatingSystem && error.code != WaitTimedOut) {
        return nullptr;
    }
    const auto row = std::ranges::find(kAdvice, error.os_code, &Advice::os_code);
    return row == kAdvice.end() ? nullptr : &*row;
}

/// The next step for the service in question: contexts of the SCM's errors begin with its name.
std::string remedy_for(const Advice& advice, const Error& error) {
    std::string text = advice.remedy;
    const std::size_t place = text.find("NAME");
    if (place == std::string::npos || error.code != ErrorCode::ServiceControlFailed) return text;
    const std::string service = error.context.substr(0, error.context.find_first_of(";\n"));
    return text.replace(place, 4, quote_argument(service));
}

/// The row of a service-specific code. 1 is what pywin32 reports for every failure before the class ran; it has many.
const ErrorInfo* row_of(std::uint32_t specific) {
    if (specific <= 1) return nullptr;
    const auto table = error_table();
    const auto row = std::ranges::find(table, specific, &ErrorInfo::exit_code);
    return row == table.end() ? nullptr : &*row;
}

std::string meaning_of_specific(std::uint32_t specific) {
    if (specific == 1) return "the service class was never reached; its event or log says why";
    if (const ErrorInfo* info = row_of(specific)) return fmt::format("{}; next step: {}", info->summary, info->remedy);
    return "a code of the service's own";
}

}  // namespace

std::string explain(const Error& error) {
    const Advice* advice = advice_for(error);
    if (!advice) return describe(error);
    return fmt::format("{}: {}\nsystem: {} ({})\nlikely cause: {}\nnext step: {}", error_info(error.code).summary,
                       error.context, os_error_text(error.os_code), error.os_code, advice->cause,
                       remedy_for(*advice, error));
}

int exit_code_of(const Error& error) {
    using enum ErrorCode;
    switch (error.code) {
        case Usage:
        case FileNotFound:
        case NoServiceClass:
        case SeveralServiceClasses: return 2;
        default: break;
    }
    if (error.os_code != 0) return static_cast<int>(error.os_code);
    switch (error.code) {
        case DescribeTimedOut:
        case WaitTimedOut: return static_cast<int>(win32::kTimeout);
        case NotSupportedHere: return static_cast<int>(win32::kNotSupported);
        default: return 1;
    }
}

int finish(const Result<int>& result, Output& output) {
    if (result) return *result;
    output.write(Stream::Err, fmt::format("error: {}\n", explain(result.error())));
    return exit_code_of(result.error());
}

std::string error_name_of(const ExitStatus& exit) {
    const bool has_specific = exit.win32 == 0 || exit.win32 == win32::kServiceSpecificError;
    const ErrorInfo* info = has_specific ? row_of(exit.specific) : nullptr;
    return info ? info->name : "";
}

std::string explain_exit(const ExitStatus& exit) {
    if (exit.win32 == win32::kNeverStarted) return "never started";
    if (!is_failure(exit)) return "0";
    if (exit.win32 != 0 && exit.win32 != win32::kServiceSpecificError) {
        return fmt::format("{}: {}", exit.win32, os_error_text(exit.win32));
    }
    const auto shown = exit.specific < 0x10000 ? fmt::format("{}", exit.specific) : fmt::format("{:#x}", exit.specific);
    return fmt::format("{}, service-specific {}: {}", exit.win32, shown, meaning_of_specific(exit.specific));
}

}  // namespace pysvc
