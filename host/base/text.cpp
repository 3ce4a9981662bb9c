// SPDX-License-Identifier: MIT
#include "host/base/text.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace pysvc {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

constexpr bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c < 0xDC00; }
constexpr bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c < 0xE000; }

struct Decoded {
    char32_t character;
    std::size_t size;  ///< bytes taken, at least 1
    bool valid;
};

/// One character of generalised UTF-8 (surrogates allowed) at the start of `text`, which is not empty.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1, true};
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return {kReplacement, 1, false};
    char32_t character = first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (i >= text.size() || (byte(i) & 0xC0) != 0x80) return {kReplacement, i, false};
        character = character << 6 | (byte(i) & 0x3FU);
    }
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (character < kSmallest[size] || character > 0x10FFFF) return {kReplacement, size, false};
    return {character, size, true};
}

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&](char32_t value) { out.push_back(static_cast<char>(value)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

/// Characters that would break a log line or lie about its order.
bool must_escape(char32_t c) {
    const bool moves_text = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                            (c >= 0x2066 && c <= 0x2069);
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || moves_text || is_high_surrogate(c) ||
           is_low_surrogate(c);
}

char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The longest prefix of `text` with at most `limit` UTF-16 units, in bytes.
std::size_t prefix_bytes(std::string_view text, std::size_t limit) {
    std::size_t bytes = 0;
    std::size_t units = 0;
    while (bytes < text.size()) {
        const Decoded next = decode(text.substr(bytes));
        units += next.character > 0xFFFF ? 2 : 1;
        if (units > limit) break;
        bytes += next.size;
    }
    return bytes;
}

/// Where the longest suffix of `text` with at most `limit` UTF-16 units begins, in bytes.
std::size_t suffix_start(std::string_view text, std::size_t limit) {
    const std::size_t total = utf16_length(text);
    if (total <= limit) return 0;
    std::size_t bytes = prefix_bytes(text, total - limit);
    // The cut may fall inside a pair: then the pair goes as a whole.
    if (utf16_length(text.substr(bytes)) > limit) bytes += decode(text.substr(bytes)).size;
    return bytes;
}

/// `text` with what must be escaped escaped, except for characters that stay.
std::string escaped_unless(std::string_view text, bool (*stays)(char32_t)) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded next = decode(text);
        if (!next.valid) {
            for (std::size_t i = 0; i < next.size; ++i) {
                out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
            }
        } else if (must_escape(next.character) && !stays(next.character)) {
            const auto value = static_cast<std::uint32_t>(next.character);
            out += value < 0x100 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{:04x}", value);
        } else {
            out += text.substr(0, next.size);
        }
        text.remove_prefix(next.size);
    }
    return out;
}

}  // namespace

std::string utf8_from_utf16(std::u16string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 4);
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t c = text[i];
        if (is_high_surrogate(c) && i + 1 < text.size() && is_low_surrogate(text[i + 1])) {
            c = 0x10000 + ((c - 0xD800) << 10) + (static_cast<char32_t>(text[++i]) - 0xDC00);
        }
        append_utf8(out, c);
    }
    return out;
}

std::u16string utf16_from_utf8(std::string_view text) {
    std::u16string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded next = decode(text);
        text.remove_prefix(next.size);
        if (next.character > 0xFFFF) {
            out.push_back(static_cast<char16_t>(0xD800 + ((next.character - 0x10000) >> 10)));
            out.push_back(static_cast<char16_t>(0xDC00 + ((next.character - 0x10000) & 0x3FF)));
        } else {
            out.push_back(static_cast<char16_t>(next.character));
        }
    }
    return out;
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    while (!text.empty()) {
        const Decoded next = decode(text);
        units += next.character > 0xFFFF ? 2 : 1;
        text.remove_prefix(next.size);
    }
    return units;
}

std::string cut_in_the_middle(std::string_view text, std::size_t limit) {
    const std::size_t length = utf16_length(text);
    if (length <= limit) return std::string(text);
    // The line that marks the gap is ASCII and at most this long for any length a 64-bit count can have.
    constexpr std::size_t kMarkerRoom = 52;
    const std::size_t kept = limit > kMarkerRoom ? limit - kMarkerRoom : 0;
    const std::size_t head = prefix_bytes(text, kept / 2);
    const std::size_t tail = suffix_start(text, kept - kept / 2);
    const std::size_t omitted = utf16_length(text.substr(head, tail - head));
    return fmt::format("{}\n... {} characters omitted ...\n{}", text.substr(0, head), omitted, text.substr(tail));
}

std::string escaped(std::string_view text) {
    return escaped_unless(text, [](char32_t) { return false; });
}

std::string escaped_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        // Of "\r\n"; alone it would let what follows overwrite the line.
        if (end < text.size() && line.ends_with('\r')) line.remove_suffix(1);
        out += escaped_unless(line, [](char32_t c) { return c == '\t'; });
        if (end < text.size()) out += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, ascii_lower, ascii_lower);
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), ascii_lower);
    return out;
}

}  // namespace pysvc
