// SPDX-License-Identifier: MIT
#include "host/commands/describe_script.hpp"

#include "host/base/text.hpp"
#include "host/commands/quoting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

constexpr auto kLimit = 60s;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low < 0) {
            out.push_back(text[i]);
            continue;
        }
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return out;
}

std::vector<std::string> list_of(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        items.push_back(percent_decoded(text.substr(0, comma)));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return items;
}

using Lines = std::multimap<std::string, std::string, std::less<>>;

Lines lines_of(std::string_view answer) {
    Lines lines;
    while (!answer.empty()) {
        const std::size_t end = std::min(answer.find('\n'), answer.size());
        std::string_view line = answer.substr(0, end);
        answer.remove_prefix(std::min(end + 1, answer.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos) {
            lines.emplace(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)));
        }
    }
    return lines;
}

std::string text_at(const Lines& lines, std::string_view key) {
    const auto line = lines.find(key);
    return line == lines.end() ? std::string() : percent_decoded(line->second);
}

std::vector<std::string> list_at(const Lines& lines, std::string_view key) {
    const auto line = lines.find(key);
    return line == lines.end() ? std::vector<std::string>() : list_of(line->second);
}

tl::unexpected<Error> failure_in(const Lines& lines) {
    const std::string kind = text_at(lines, "error");
    const std::string message = text_at(lines, "message");
    if (kind == "no-class") {
        return failure(
            ErrorCode::NoServiceClass, 0,
            fmt::format("{}\nit was not executed; if it makes the class when it runs: PythonService install {}\n"
                        "to run it as it is: PythonService install --script {}",
                        message, quote_argument(message + ":CLASS"), quote_argument(message)));
    }
    if (kind == "several") {
        const auto classes = list_at(lines, "classes");
        return failure(ErrorCode::SeveralServiceClasses, 0, fmt::format("{}: {}", message, fmt::join(classes, ", ")));
    }
    return failure(kind == "program" ? ErrorCode::ProgramNotRunnable : ErrorCode::DescribeFailed, 0, message);
}

/// The last part of what Python printed: its traceback ends with the cause.
std::string tail_of(const std::string& text) {
    constexpr std::size_t kShown = 2000;
    return text.size() <= kShown ? text : "..." + text.substr(text.size() - kShown);
}

Result<ServiceDescription> ask(const std::string& python, std::vector<std::string> arguments,
                               const std::string& subject, const std::string& directory, ChildProcess& child) {
    ChildRequest request;
    request.program = python;
    request.arguments = {"-I", "-"};
    request.arguments.insert(request.arguments.end(), arguments.begin(), arguments.end());
    request.input = describe_program();
    request.working_directory = directory;
    request.limit = kLimit;
    const auto result = child.run(request);
    if (!result) {
        return failure(ErrorCode::DescribeFailed, result.error().os_code,
                       fmt::format("{}: cannot run {}", subject, python));
    }
    if (result->timed_out) return failure(ErrorCode::DescribeTimedOut, 0, subject);
    if (lines_of(result->output).count("end") == 0) {
        return failure(
            ErrorCode::DescribeFailed, 0,
            fmt::format("{}: {} ended with code {}\n{}", subject, python, result->exit_code, tail_of(result->errors)));
    }
    return parse_description(result->output);
}

}  // namespace

std::string class_string_of(const ServiceDescription& description) {
    std::string text = description.directory;
    const char separator = static_cast<char>(std::filesystem::path::preferred_separator);
    if (!text.empty() && text.back() != separator) text.push_back(separator);
    return text + description.module + "." + description.class_name;
}

Result<ServiceDescription> parse_description(std::string_view answer) {
    const Lines lines = lines_of(answer);
    if (lines.count("end") == 0) return failure(ErrorCode::DescribeFailed, 0, "the answer is not complete");
    if (lines.count("error") != 0) return failure_in(lines);

    ServiceDescription description;
    description.file = text_at(lines, "file");
    description.directory = text_at(lines, "directory");
    description.module = text_at(lines, "module");
    description.class_name = text_at(lines, "class");
    description.name = text_at(lines, "name");
    description.display_name = text_at(lines, "display_name");
    description.description = text_at(lines, "description");
    description.dependencies = list_at(lines, "dependencies");
    description.exe_name = text_at(lines, "exe_name");
    description.exe_args = text_at(lines, "exe_args");
    description.has_command_line = text_at(lines, "main") == "handle";
    description.imported = lines.count("imported") != 0;
    description.import_error = text_at(lines, "import_error");
    const auto [first, last] = lines.equal_range("unknown");
    for (auto line = first; line != last; ++line) description.unknown.push_back(percent_decoded(line->second));
    description.has_exe_name =
        !description.exe_name.empty() || std::ranges::count(description.unknown, std::string("exe_name")) != 0;
    if (lines.count("no_values") != 0) {
        return failure(ErrorCode::DescribeFailed, 0,
                       fmt::format("{}.{}: {}", description.module, description.class_name, description.import_error));
    }
    return description;
}

Result<ServiceDescription> describe_script(const std::string& python, const std::string& script,
                                           const std::string& class_name, ChildProcess& child) {
    std::vector<std::string> arguments{"file", script};
    if (!class_name.empty()) arguments.push_back(class_name);
    return ask(python, std::move(arguments), script, {}, child);
}

Result<ServiceDescription> examine_program(const std::string& python, const std::string& kind,
                                            const std::string& directory, const std::string& target,
                                            const std::string& control_hook, ChildProcess& child) {
    return ask(python, {"program", kind, directory, target, control_hook}, target, directory, child);
}

Result<ServiceDescription> describe_class(const std::string& python, const ClassSpec& spec, ChildProcess& child) {
    return ask(python, {"class", spec.directory, spec.module, spec.class_name},
               fmt::format("{}.{}", spec.module, spec.class_name), spec.directory, child);
}

}  // namespace pysvc
