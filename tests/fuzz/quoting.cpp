// SPDX-License-Identifier: MIT
// Arguments on a command line and back: pysvc::quote_argument, pysvc::image_path.
#include "host/commands/quoting.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <vector>

namespace pysvc::fuzz {
namespace {

/// The rules of CommandLineToArgvW and of Microsoft's C runtime ("Parsing C command-line arguments"), for what follows
/// the program.
std::vector<std::string> split_as_windows_does(std::string_view line) {
    std::vector<std::string> arguments;
    std::size_t i = 0;
    for (;;) {
        while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
        if (i == line.size()) return arguments;
        std::string argument;
        bool quoted = false;
        for (; i < line.size() && (quoted || (line[i] != ' ' && line[i] != '\t')); ++i) {
            std::size_t backslashes = 0;
            while (i < line.size() && line[i] == '\\') ++backslashes, ++i;
            const bool before_quote = i < line.size() && line[i] == '"';
            argument.append(before_quote ? backslashes / 2 : backslashes, '\\');
            if (!before_quote) {
                // The character after the backslashes, which the loop looks at again.
                if (backslashes != 0) {
                    --i;
                    continue;
                }
                argument += line[i];
            } else if (backslashes % 2 != 0) {
                argument += '"';
            } else if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
                argument += '"';
                ++i;
            } else {
                quoted = !quoted;
            }
        }
        arguments.push_back(argument);
    }
}

void check_arguments(const std::vector<std::string>& arguments) {
    std::string line;
    for (const std::string& argument : arguments) line += (line.empty() ? "" : " ") + quote_argument(argument);
    require(split_as_windows_does(line) == arguments, "arguments survive the command line");

    const std::string program = R"(C:\my dir\host.exe)";
    const std::string path = image_path(program, line);
    require(program_of(path) == program, "the program is found in an ImagePath");
    require(split_as_windows_does(arguments_of(path)) == arguments, "so are the arguments");
}

}  // namespace
}  // namespace pysvc::fuzz

/// Arguments, each ended by a NUL, which none can have.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pysvc;
    std::string_view text = fuzz::text_of_input(data, size);
    // Any text may stand in the registry.
    const std::string program = program_of(text);
    fuzz::require(text.find(program) != std::string_view::npos, "the program is a part of the ImagePath");
    fuzz::require(text.find(arguments_of(text)) != std::string_view::npos, "so are the arguments");

    std::vector<std::string> arguments;
    while (!text.empty()) {
        const std::size_t end = text.find('\0');
        arguments.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    fuzz::check_arguments(arguments);
    return 0;
}
