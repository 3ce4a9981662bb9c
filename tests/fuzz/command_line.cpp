// SPDX-License-Identifier: MIT
// The arguments of a process: pysvc::normalise, pysvc::parse_command.
#include "host/cli/app.hpp"
#include "host/cli/arguments.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <vector>

namespace pysvc::fuzz {
namespace {

bool ends_with(const std::vector<std::string>& all, const std::vector<std::string>& tail) {
    return tail.size() <= all.size() && std::equal(tail.rbegin(), tail.rend(), all.rbegin());
}

void check(const std::vector<std::string>& arguments) {
    auto line = normalise(arguments);
    require(line.has_value() || !names_command(arguments) || line.error().code == ErrorCode::Usage,
            "what names a command is one, or wrongly used");
    if (!line) return;
    require(names_command(arguments), "a command is named");
    require(ends_with(arguments, line->service_arguments), "the arguments of a service are untouched");
    if (line->program_arguments) {
        require(ends_with(arguments, *line->program_arguments), "the arguments of a program are untouched");
    }
    const std::size_t kept = line->arguments.size() + line->service_arguments.size() +
                             (line->program_arguments ? line->program_arguments->size() : 0);
    require(kept < arguments.size(), "no argument is made up");
    const std::size_t taken = line->password ? 2 : 0;
    require(kept + 2 + taken >= arguments.size(), "none is lost but verb, password and '--'");

    const auto parsed = parse_command(std::move(*line));
    if (!parsed) require(parsed.error().code == ErrorCode::Usage, "a wrong command line is a wrong use");
}

}  // namespace
}  // namespace pysvc::fuzz

/// Arguments, each ended by a line break.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = pysvc::fuzz::text_of_input(data, size);
    std::vector<std::string> arguments;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        arguments.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    pysvc::fuzz::check(arguments);
    return 0;
}
