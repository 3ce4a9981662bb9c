// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pysvc {

// Text is UTF-8 inside the host and UTF-16 at the edge to Windows. Windows names may hold lone surrogates; they are
// kept as their three-byte form (what Python calls "surrogatepass"), so both directions lose nothing.

/// UTF-16 to UTF-8; lone surrogates are kept.
[[nodiscard]] std::string utf8_from_utf16(std::u16string_view text);

/// UTF-8 to UTF-16; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::u16string utf16_from_utf8(std::string_view text);

/// Number of UTF-16 units that `text` takes: the unit in which Windows limits event texts.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// `text` with its middle left out when it is longer than `limit` UTF-16 units. The gap is a line that says how many
/// units are missing; no character is split. The result is at most `limit` units long for limits of 64 and more.
[[nodiscard]] std::string cut_in_the_middle(std::string_view text, std::size_t limit);

/// `text` on one line and safe for a log: control characters, line and paragraph separators, bidirectional overrides
/// and lone surrogates become \xNN or \uNNNN.
[[nodiscard]] std::string escaped(std::string_view text);

/// The same for text of several lines, as commands print it: line ends and tabs stay.
[[nodiscard]] std::string escaped_lines(std::string_view text);

/// Case-insensitive comparison of ASCII letters, as Windows compares service and value names in that range.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right);

/// `text` with ASCII letters in lower case; a key for maps of service names.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace pysvc
