// SPDX-License-Identifier: MIT
// UTF-8, UTF-16 and what is shown of them: host/base/text.
#include "tests/fuzz/fuzz.hpp"

#include <iconv.h>

#include <cstring>
#include <optional>

namespace pysvc::fuzz {
namespace {

/// What the C library makes of `text`, which is strict UTF-8 for it; nullopt when it is none.
std::optional<std::u16string> converted_by_libc(std::string_view text) {
    static const iconv_t kConverter = iconv_open("UTF-16LE", "UTF-8");
    std::string bytes(text.size() * 2, '\0');
    auto* from = const_cast<char*>(text.data());
    char* to = bytes.data();
    std::size_t left = text.size();
    std::size_t room = bytes.size();
    if (iconv(kConverter, &from, &left, &to, &room) != 0 || left != 0) return std::nullopt;
    std::u16string units((bytes.size() - room) / sizeof(char16_t), u'\0');
    if (!units.empty()) std::memcpy(units.data(), bytes.data(), units.size() * sizeof(char16_t));
    return units;
}

bool has_surrogate_or_replacement(std::u16string_view units) {
    for (const char16_t unit : units) {
        if ((unit >= 0xD800 && unit < 0xE000) || unit == 0xFFFD) return true;
    }
    return false;
}

void check_conversions(std::string_view text) {
    const std::u16string units = utf16_from_utf8(text);
    const auto expected = converted_by_libc(text);
    if (expected) require(units == *expected, "UTF-8 is what the C library takes it for");
    require(expected || has_surrogate_or_replacement(units), "what is no UTF-8 is replaced");
    require(utf16_length(text) == units.size(), "utf16_length counts the units");
    const std::string back = utf8_from_utf16(units);
    require(utf16_from_utf8(back) == units, "UTF-16 survives UTF-8");
    if (expected) require(back == text, "UTF-8 survives UTF-16");

    std::u16string any(text.size() / sizeof(char16_t), u'\0');
    if (!any.empty()) std::memcpy(any.data(), text.data(), any.size() * sizeof(char16_t));
    require(utf16_from_utf8(utf8_from_utf16(any)) == any, "any units survive UTF-8, lone surrogates too");
}

void check_escaped(std::string_view text) {
    const std::string shown = escaped(text);
    require(converted_by_libc(shown).has_value(), "what is escaped is UTF-8");
    for (const char c : shown) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "what is escaped is one line");
    require(escaped(shown) == shown, "escaping is done once");
}

void check_cut(std::string_view text, std::size_t limit) {
    const std::string cut = cut_in_the_middle(text, limit);
    const std::size_t length = utf16_length(text);
    if (length <= limit) {
        require(cut == text, "what fits is not cut");
        return;
    }
    if (limit >= 64) require(utf16_length(cut) <= limit, "what is cut keeps the limit");
    if (converted_by_libc(text)) require(converted_by_libc(cut).has_value(), "no character is split");
    // The same marker may be in the text; the gap is where the numbers agree.
    constexpr std::string_view kBefore = "\n... ";
    constexpr std::string_view kAfter = " characters omitted ...\n";
    for (std::size_t at = cut.find(kBefore); at != std::string::npos; at = cut.find(kBefore, at + 1)) {
        const std::size_t after = cut.find(kAfter, at);
        if (after == std::string::npos) break;
        const std::string_view head = std::string_view(cut).substr(0, at);
        const std::string_view tail = std::string_view(cut).substr(after + kAfter.size());
        if (!text.starts_with(head) || !text.ends_with(tail) || head.size() + tail.size() > text.size()) continue;
        const auto omitted = std::strtoull(cut.c_str() + at + kBefore.size(), nullptr, 10);
        if (utf16_length(head) + omitted + utf16_length(tail) == length) return;
    }
    require(false, "head, tail and the number between them are the text");
}

}  // namespace
}  // namespace pysvc::fuzz

/// The first two bytes are a limit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view text = pysvc::fuzz::text_of_input(data + 2, size - 2);
    pysvc::fuzz::check_conversions(text);
    pysvc::fuzz::check_escaped(text);
    pysvc::fuzz::check_cut(text, data[0] | static_cast<std::size_t>(data[1]) << 8);
    return 0;
}
