// SPDX-License-Identifier: MIT
#include "host/commands/quoting.hpp"

#include "host/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pysvc {

std::string quote_argument(std::string_view argument) {
    if (!argument.empty() && argument.find_first_of(" \t\n\v\"") == std::string_view::npos) {
        return std::string(argument);
    }
    std::string out = "\"";
    std::size_t backslashes = 0;
    for (const char c : argument) {
        if (c == '\\') {
            ++backslashes;
            continue;
        }
        // Backslashes are ordinary except in front of a quote.
        out.append(c == '"' ? 2 * backslashes + 1 : backslashes, '\\');
        out.push_back(c);
        backslashes = 0;
    }
    out.append(2 * backslashes, '\\');
    out.push_back('"');
    return out;
}

std::string image_path(std::string_view program, std::string_view arguments) {
    if (arguments.empty()) return fmt::format("\"{}\"", program);
    return fmt::format("\"{}\" {}", program, arguments);
}

std::string program_of(std::string_view image_path) {
    if (image_path.starts_with('"')) {
        const std::string_view rest = image_path.substr(1);
        return std::string(rest.substr(0, rest.find('"')));
    }
    const std::size_t extension = lower_case(image_path).find(".exe");
    return std::string(image_path.substr(0, extension == std::string::npos ? extension : extension + 4));
}

std::string arguments_of(std::string_view image_path) {
    const std::size_t quotes = image_path.starts_with('"') ? 2 : 0;
    const std::size_t program = std::min(program_of(image_path).size() + quotes, image_path.size());
    const std::string_view rest = image_path.substr(program);
    const std::size_t first = rest.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return std::string(rest.substr(first, rest.find_last_not_of(' ') + 1 - first));
}

}  // namespace pysvc
