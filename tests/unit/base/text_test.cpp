// SPDX-License-Identifier: MIT
#include "host/base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace pysvc {
namespace {

struct Pair {
    const char* name;
    std::u16string utf16;
    std::string utf8;
};

const Pair kPairs[] = {
    {"Empty", u"", ""},
    {"Ascii", u"abc", "abc"},
    {"NulInside", std::u16string(u"a\0b", 3), std::string("a\0b", 3)},
    {"TwoBytes", u"\u00FC\u07FF", "\xC3\xBC\xDF\xBF"},
    {"ThreeBytes", u"\u0800\u20AC\uFFFF", "\xE0\xA0\x80\xE2\x82\xAC\xEF\xBF\xBF"},
    {"SurrogatePair", u"\U0001F600\U0010FFFF", "\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"},
    {"LoneHighSurrogate", std::u16string({u'a', 0xD800, u'b'}),
     "a\xED\xA0\x80"
     "b"},
    {"LoneLowSurrogate", std::u16string({0xDFFF}), "\xED\xBF\xBF"},
    {"SurrogatesInTheWrongOrder", std::u16string({0xDC00, 0xD800}), "\xED\xB0\x80\xED\xA0\x80"},
    {"HighSurrogateBeforeAPair", std::u16string({0xD800, 0xD83D, 0xDE00}), "\xED\xA0\x80\xF0\x9F\x98\x80"},
};

class TextPairs : public testing::TestWithParam<Pair> {};

TEST_P(TextPairs, ConvertToUtf8) { EXPECT_EQ(utf8_from_utf16(GetParam().utf16), GetParam().utf8); }

TEST_P(TextPairs, ConvertToUtf16) { EXPECT_EQ(utf16_from_utf8(GetParam().utf8), GetParam().utf16); }

TEST_P(TextPairs, CountUtf16Units) { EXPECT_EQ(utf16_length(GetParam().utf8), GetParam().utf16.size()); }

INSTANTIATE_TEST_SUITE_P(Text, TextPairs, testing::ValuesIn(kPairs), [](const auto& row) { return row.param.name; });

TEST(Text, BytesThatAreNoUtf8BecomeReplacementCharacters) {
    EXPECT_EQ(utf16_from_utf8("a\xFFz"), u"a\uFFFDz");
    EXPECT_EQ(utf16_from_utf8("\xC0\x80"), u"\uFFFD\uFFFD");
    EXPECT_EQ(utf16_from_utf8("\xE2\x82"), u"\uFFFD");
    EXPECT_EQ(utf16_from_utf8("\xF5\x80\x80\x80").front(), u'\uFFFD');
    EXPECT_EQ(utf16_from_utf8("\xE2\x28\xA1").substr(0, 2), u"\uFFFD(");
}

TEST(CutInTheMiddle, LeavesWhatFits) {
    const std::string text(64, 'x');
    EXPECT_EQ(cut_in_the_middle(text, 64), text);
    EXPECT_EQ(cut_in_the_middle("", 64), "");
}

TEST(CutInTheMiddle, KeepsBeginningAndEndAndSaysWhatIsMissing) {
    const std::string text = std::string(500, 'a') + std::string(500, 'z');
    const std::string cut = cut_in_the_middle(text, 200);
    EXPECT_TRUE(cut.starts_with("aaaa"));
    EXPECT_TRUE(cut.ends_with("zzzz"));
    EXPECT_NE(cut.find(" characters omitted"), std::string::npos);
}

TEST(CutInTheMiddle, NeverExceedsTheLimitAndNeverSplitsACharacter) {
    // One to four bytes, one and two units: every limit meets some character on its boundary.
    std::string text;
    for (int i = 0; i < 100; ++i) text += "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\x80";
    for (std::size_t limit = 64; limit < utf16_length(text); ++limit) {
        const std::string cut = cut_in_the_middle(text, limit);
        EXPECT_LE(utf16_length(cut), limit);
        EXPECT_EQ(utf16_from_utf8(cut).find(u'\uFFFD'), std::u16string::npos) << limit;
        EXPECT_EQ(utf8_from_utf16(utf16_from_utf8(cut)), cut) << limit;
    }
}

TEST(CutInTheMiddle, CountsTheMissingUnitsExactly) {
    const std::string text(10'000, 'x');
    const std::string cut = cut_in_the_middle(text, 1'000);
    const std::size_t number = cut.find("... ") + 4;
    const std::size_t missing = std::stoul(cut.substr(number));
    const auto kept = static_cast<std::size_t>(std::count(cut.begin(), cut.end(), 'x'));
    EXPECT_EQ(kept + missing, text.size());
}

TEST(Escaped, LeavesOrdinaryTextAlone) {
    EXPECT_EQ(escaped("a b\\n \xC3\xBC \xF0\x9F\x98\x80"), "a b\\n \xC3\xBC \xF0\x9F\x98\x80");
}

TEST(Escaped, PutsEverythingOnOneLine) {
    EXPECT_EQ(escaped("a\r\nb\tc\x1B[0m"), "a\\x0d\\x0ab\\x09c\\x1b[0m");
    EXPECT_EQ(escaped(std::string("\0", 1)), "\\x00");
    EXPECT_EQ(escaped("\xC2\x85"), "\\x85");
    EXPECT_EQ(escaped("\xE2\x80\xA8\xE2\x80\xA9"), "\\u2028\\u2029");
}

TEST(Escaped, ShowsWhatWouldReorderALine) { EXPECT_EQ(escaped("\xE2\x80\xAE\xE2\x81\xA6"), "\\u202e\\u2066"); }

TEST(Escaped, TakesEveryCharacterThatATerminalOrAnEditorObeys) {
    const auto is_escaped = [](char32_t c) {
        const char16_t unit = static_cast<char16_t>(c);
        return escaped(utf8_from_utf16(std::u16string_view(&unit, 1))).starts_with('\\');
    };
    for (char32_t c = 0; c < 0x20; ++c) EXPECT_TRUE(is_escaped(c)) << static_cast<unsigned>(c);
    for (char32_t c = 0x7F; c < 0xA0; ++c) EXPECT_TRUE(is_escaped(c)) << static_cast<unsigned>(c);
    // Line and paragraph separator; embeddings, overrides, isolates and marks of the writing direction.
    for (const char32_t c : {0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067,
                             0x2068, 0x2069}) {
        EXPECT_TRUE(is_escaped(c)) << static_cast<unsigned>(c);
    }
    for (char32_t c = 0xD800; c < 0xE000; c += 0xFF) EXPECT_TRUE(is_escaped(c)) << static_cast<unsigned>(c);
    for (const char32_t c : {0x20, 0x7E, 0xA0, 0xE9, 0x5D0, 0x627, 0x200D, 0x202F, 0x20AC, 0x65E5, 0xFFFD}) {
        EXPECT_FALSE(is_escaped(c)) << static_cast<unsigned>(c);
    }
}

TEST(EscapedLines, KeepsLinesAndTabsAndNothingElse) {
    EXPECT_EQ(escaped_lines("a\tb\r\nc\n\nd"), "a\tb\nc\n\nd");
    EXPECT_EQ(escaped_lines("real\rfake \x1B]0;title\x07"), "real\\x0dfake \\x1b]0;title\\x07");
    EXPECT_EQ(escaped_lines("\r"), "\\x0d");
    EXPECT_EQ(escaped_lines("\n"), "\n");
    EXPECT_EQ(escaped_lines(""), "");
}

TEST(Escaped, ShowsSurrogatesAndBadBytes) {
    EXPECT_EQ(escaped("\xED\xA0\x80"), "\\ud800");
    EXPECT_EQ(escaped("\xFF"), "\\xff");
}

TEST(EqualIgnoringCase, ComparesAsciiLettersOnly) {
    EXPECT_TRUE(equal_ignoring_case("MyService", "mYsERVICE"));
    EXPECT_FALSE(equal_ignoring_case("a", "ab"));
    EXPECT_FALSE(equal_ignoring_case("\xC3\x84", "\xC3\xA4"));  // Ä, ä
    EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

TEST(LowerCase, ChangesAsciiLettersOnly) { EXPECT_EQ(lower_case("AZ[\xC3\x84"), "az[\xC3\x84"); }

}  // namespace
}  // namespace pysvc
