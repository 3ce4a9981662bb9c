// SPDX-License-Identifier: MIT
// The bytes that a program prints, in pieces of any size: pysvc::py::LineSplitter.
#include "servicemanager_module/interpreter/line_splitter.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace pysvc::fuzz {
namespace {

using Lines = std::vector<std::string>;

void append(Lines& lines, const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

void check(FuzzedDataProvider& input) {
    py::LineSplitter in_pieces;
    py::LineSplitter at_once;
    std::string all;
    Lines lines;
    while (input.remaining_bytes() != 0 && all.size() < 300'000) {
        // Lines longer than the limit come from few bytes, too.
        const auto times = input.ConsumeIntegralInRange<std::size_t>(1, 20'000);
        const std::string piece = repeated(input.ConsumeRandomLengthString(16), times);
        all += piece;
        append(lines, in_pieces.add(piece));
    }
    append(lines, in_pieces.take_rest());

    Lines expected = at_once.add(all);
    append(expected, at_once.take_rest());
    // A piece of a line that is too long is cut where it ends so far, if it ends inside a character.
    const bool long_lines = std::ranges::any_of(expected, [](const std::string& line) {
        return line.size() > py::LineSplitter::kLongestLine - 4;
    });
    require(long_lines || lines == expected, "it does not matter how the bytes came");
    for (const std::string& line : lines) {
        require(line.find('\n') == std::string::npos, "a line is one");
        require(utf8_from_utf16(utf16_from_utf8(line)) == line, "and UTF-8");
        // U+FFFD takes three bytes for one that is no UTF-8.
        require(line.size() <= 3 * py::LineSplitter::kLongestLine, "and not too long");
    }
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    pysvc::fuzz::check(input);
    return 0;
}
