// SPDX-License-Identifier: MIT
#include "host/cli/arguments.hpp"

#include "host/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace pysvc {
namespace {

constexpr auto kSpellings = std::to_array<VerbSpelling>({
    {"install", Verb::Install},
    {"update", Verb::Update},
    {"remove", Verb::Remove},
    {"uninstall", Verb::Remove},
    {"delete", Verb::Remove},
    {"start", Verb::Start},
    {"stop", Verb::Stop},
    {"restart", Verb::Restart},
    {"status", Verb::Status},
    {"debug", Verb::Debug},
    {"run", Verb::Debug},
    {"doctor", Verb::Doctor},
    {"version", Verb::Version},
    {"help", Verb::Help},
});

/// Options whose next argument is their value, without the dashes: it is neither verb nor subject.
constexpr std::string_view kTakesValue[] = {"startup",    "username",     "password",    "perfmonini",
                                            "perfmondll", "wait",         "python",      "name",
                                            "timeout",    "display-name", "description", "working-directory",
                                            "group",      "script",       "module",      "call",
                                            "asgi",       "wsgi",         "bind",        "stop-signal",
                                            "control-hook"};

/// Options that name what is run, so that no subject follows.
constexpr std::string_view kProgramOptions[] = {"--script", "--module", "--call", "--asgi", "--wsgi"};

std::optional<Verb> verb_of(std::string_view word) {
    const auto row = std::ranges::find_if(
        kSpellings, [&](const VerbSpelling& spelling) { return equal_ignoring_case(spelling.text, word); });
    if (row == kSpellings.end()) return std::nullopt;
    return row->verb;
}

/// What is left of an argument without `--`, `-` or `/`.
std::string_view without_prefix(std::string_view argument) {
    if (argument.starts_with("--")) return argument.substr(2);
    if (argument.starts_with('-') || argument.starts_with('/')) return argument.substr(1);
    return argument;
}

bool is_help(std::string_view argument) {
    return argument == "-h" || argument == "-?" || argument == "/?" || equal_ignoring_case(argument, "/h");
}

/// Any form of a verb.
std::optional<Verb> verb_in(std::string_view argument) {
    if (is_help(argument)) return Verb::Help;
    return verb_of(without_prefix(argument));
}

bool is_option(std::string_view argument) { return argument.size() > 1 && argument.starts_with('-'); }

bool takes_next(std::string_view argument) {
    return argument.starts_with("--") && std::ranges::any_of(kTakesValue, [&](std::string_view name) {
               return equal_ignoring_case(name, argument.substr(2));
           });
}

/// `--start` is an option of install and update as well: it is one when such a verb follows.
bool is_start_option(std::span<const std::string> arguments, std::size_t index) {
    if (!equal_ignoring_case(arguments[index], "--start")) return false;
    return std::ranges::any_of(arguments.subspan(index + 1), [](const std::string& later) {
        const auto verb = verb_in(later);
        return verb == Verb::Install || verb == Verb::Update;
    });
}

/// Where the verb is, or the first argument that should have been one, or the end.
std::size_t find_verb(std::span<const std::string> arguments) {
    std::size_t i = 0;
    while (i < arguments.size()) {
        const std::string& argument = arguments[i];
        const bool option = is_option(argument) && (!verb_in(argument) || is_start_option(arguments, i));
        if (!option) break;
        i += takes_next(argument) ? 2 : 1;
    }
    return std::min(i, arguments.size());
}

bool names_program(std::string_view argument) {
    const std::string_view option = argument.substr(0, argument.find('='));
    return std::ranges::any_of(kProgramOptions,
                               [&](std::string_view name) { return equal_ignoring_case(name, option); });
}

/// The first argument that is neither an option nor the value of one.
std::size_t find_subject(std::span<const std::string> arguments) {
    std::size_t i = 0;
    while (i < arguments.size() && is_option(arguments[i])) {
        if (arguments[i] == "--") return std::min(i + 1, arguments.size());
        i += takes_next(arguments[i]) ? 2 : 1;
    }
    return std::min(i, arguments.size());
}

tl::unexpected<Error> unknown_verb(const std::string& word) {
    const std::string lower = lower_case(word);
    if (lower.ends_with(".py") || lower.ends_with(".pyw")) {
        return failure(ErrorCode::Usage, 0,
                       fmt::format("'{0}' is no command; did you mean 'install {0}' or 'debug {0}'?", word));
    }
    const char* nearest = nearest_verb(without_prefix(word));
    if (!nearest) return failure(ErrorCode::Usage, 0, fmt::format("'{}' is no command", word));
    return failure(ErrorCode::Usage, 0, fmt::format("'{}' is no command; did you mean '{}'?", word, nearest));
}

/// Takes what follows the subject apart from it. With a program there is no subject, and `--` may stand before.
void take_service_arguments(CommandLine& line, const std::vector<std::string>& after) {
    const std::size_t subject = find_subject(after);
    const auto first = after.begin() + static_cast<std::ptrdiff_t>(subject);
    const bool program =
        std::any_of(after.begin(), first, names_program) || std::ranges::any_of(line.arguments, names_program);
    const auto end = program || first == after.end() ? first : first + 1;
    line.arguments.insert(line.arguments.end(), after.begin(), end);
    if (program && !line.arguments.empty() && line.arguments.back() == "--") line.arguments.pop_back();
    line.service_arguments.assign(end, after.end());
}

void take_program_arguments(CommandLine& line) {
    const auto end = std::ranges::find(line.arguments, "--");
    if (end == line.arguments.end()) return;
    line.program_arguments.emplace(end + 1, line.arguments.end());
    line.arguments.erase(end, line.arguments.end());
}

/// Moves the value of `--password` out of the arguments.
Result<void> take_password(CommandLine& line) {
    constexpr std::string_view kOption = "--password";
    for (std::size_t i = 0; i < line.arguments.size();) {
        std::string& argument = line.arguments[i];
        const auto here = line.arguments.begin() + static_cast<std::ptrdiff_t>(i);
        if (equal_ignoring_case(argument, kOption)) {
            if (i + 1 == line.arguments.size()) return failure(ErrorCode::Usage, 0, "--password needs a value");
            line.password.emplace(std::move(line.arguments[i + 1]));
            line.arguments.erase(here, here + 2);
        } else if (argument.size() > kOption.size() && argument[kOption.size()] == '=' &&
                   equal_ignoring_case(std::string_view(argument).substr(0, kOption.size()), kOption)) {
            line.password.emplace(argument.substr(kOption.size() + 1));
            wipe(argument);
            line.arguments.erase(here);
        } else {
            i += takes_next(argument) ? 2 : 1;
        }
    }
    return {};
}

/// Edits (insertion, deletion, change, swap of neighbours) between two words.
std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last(to.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::vector<std::size_t> row(to.size() + 1);
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t change = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        before_last = std::exchange(last, std::move(row));
    }
    return last.back();
}

}  // namespace

std::span<const VerbSpelling> verb_spellings() { return kSpellings; }

const char* name_of(Verb verb) { return std::ranges::find(kSpellings, verb, &VerbSpelling::verb)->text; }

const char* nearest_verb(std::string_view word) {
    const std::string lower = lower_case(word);
    const char* nearest = nullptr;
    std::size_t smallest = std::max<std::size_t>(lower.size() / 3, 1) + 1;
    for (const VerbSpelling& spelling : kSpellings) {
        const std::size_t distance = edit_distance(lower, spelling.text);
        if (distance < smallest) {
            smallest = distance;
            nearest = spelling.text;
        }
    }
    return nearest;
}

bool names_command(std::span<const std::string> arguments) {
    const std::size_t index = find_verb(arguments);
    return index < arguments.size() && verb_in(arguments[index]).has_value();
}

Result<CommandLine> normalise(std::span<const std::string> arguments) {
    const std::size_t index = find_verb(arguments);
    if (index == arguments.size()) return failure(ErrorCode::Usage, 0, "no command given");
    const auto verb = verb_in(arguments[index]);
    if (!verb) return unknown_verb(arguments[index]);

    CommandLine line;
    line.verb = *verb;
    const auto place = arguments.begin() + static_cast<std::ptrdiff_t>(index);
    line.arguments.assign(arguments.begin(), place);
    const std::vector<std::string> after(place + 1, arguments.end());
    if (*verb == Verb::Debug) {
        take_service_arguments(line, after);
        return line;
    }
    line.arguments.insert(line.arguments.end(), after.begin(), after.end());
    if (*verb == Verb::Help && !line.arguments.empty()) line.help_topic = verb_in(line.arguments.back());
    if (auto taken = take_password(line); !taken) return failure(taken.error());
    if (*verb == Verb::Install || *verb == Verb::Update) take_program_arguments(line);
    return line;
}

}  // namespace pysvc
