// SPDX-License-Identifier: MIT
#include "host/base/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace pysvc {
namespace {

// The enumerators by their blocks. One that is added without a row, or a row without an enumerator, changes the sum.
struct Block {
    std::uint32_t first;
    std::uint32_t last;
};
constexpr Block kBlocks[] = {
    {0x01, static_cast<std::uint32_t>(ErrorCode::ServiceUnknown)},
    {0x10, static_cast<std::uint32_t>(ErrorCode::StartupErrorRaised)},
    {0x20, static_cast<std::uint32_t>(ErrorCode::PythonWarning)},
    {0x30, static_cast<std::uint32_t>(ErrorCode::PrefixMismatch)},
    {0x40, static_cast<std::uint32_t>(ErrorCode::PreviousInstanceEnded)},
    {0x50, static_cast<std::uint32_t>(ErrorCode::OperatingSystem)},
    {0x60, static_cast<std::uint32_t>(ErrorCode::PathRefused)},
};

TEST(ErrorTable, HasExactlyOneRowForEachCode) {
    std::size_t codes = 0;
    for (const Block& block : kBlocks) {
        for (std::uint32_t value = block.first; value <= block.last; ++value, ++codes) {
            const auto code = static_cast<ErrorCode>(value);
            EXPECT_EQ(std::ranges::count(error_table(), code, &ErrorInfo::code), 1) << std::hex << value;
        }
    }
    EXPECT_EQ(error_table().size(), codes);
}

TEST(ErrorTable, IsInOrderOfTheCodes) { EXPECT_TRUE(std::ranges::is_sorted(error_table(), {}, &ErrorInfo::code)); }

TEST(ErrorTable, NamesAndEventIdsAreUnique) {
    std::set<std::string_view> names;
    std::set<std::uint32_t> ids;
    for (const ErrorInfo& row : error_table()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        if (row.event_id != 0) {
            EXPECT_TRUE(ids.insert(row.event_id).second) << row.name;
        }
    }
}

TEST(ErrorTable, EveryEventHasACategory) {
    std::set<EventCategory> used;
    for (const ErrorInfo& row : error_table()) {
        EXPECT_EQ(row.event_id == 0, row.category == EventCategory::None) << row.name;
        if (row.event_id != 0) used.insert(row.category);
    }
    EXPECT_EQ(used.size(), kEventCategoryCount) << "a category without events";
}

TEST(ErrorTable, OwnIdsAndExitCodesContainTheCode) {
    for (const ErrorInfo& row : error_table()) {
        const auto code = static_cast<std::uint32_t>(row.code);
        if ((row.event_id & 0xF000) == 0x2000) {
            EXPECT_EQ(row.event_id & 0xFFF, code) << row.name;
        }
        if ((row.exit_code & 0xF000) == 0x2000) {
            EXPECT_EQ(row.exit_code, 0x20002000 + code) << row.name;
        }
    }
}

TEST(ErrorTable, ExitCodesAreOursOrPywin32s) {
    std::set<std::uint32_t> own;
    for (const ErrorInfo& row : error_table()) {
        const bool pywin32 = row.exit_code == 0 || row.exit_code == 1 || row.exit_code == 0x20000001;
        if (!pywin32) {
            EXPECT_TRUE(own.insert(row.exit_code).second) << row.name;
        }
    }
    EXPECT_EQ(error_info(ErrorCode::RunRaised).exit_code, 0x20000001U);
    EXPECT_EQ(error_info(ErrorCode::ImportRaised).exit_code, 1U);
}

TEST(ErrorTable, EveryRowTellsWhatWhyAndWhatNext) {
    for (const ErrorInfo& row : error_table()) {
        for (const char* text : {row.summary, row.cause, row.remedy}) {
            ASSERT_NE(text, nullptr) << row.name;
            EXPECT_FALSE(std::string_view(text).empty()) << row.name;
            EXPECT_FALSE(std::string_view(text).ends_with('.')) << row.name;
        }
    }
}

TEST(Describe, HasContextSystemTextCauseAndRemedy) {
    const Error error{ErrorCode::PythonUnreadable, 2, "'C:\\Python\\python.exe'"};
    const ErrorInfo& info = error_info(error.code);
    const std::string text = describe(error);
    EXPECT_TRUE(text.starts_with(std::string(info.summary) + ": 'C:\\Python\\python.exe'\n"));
    EXPECT_NE(text.find("(2)"), std::string::npos);
    EXPECT_NE(text.find(info.cause), std::string::npos);
    EXPECT_TRUE(text.ends_with(info.remedy));
}

TEST(Describe, LeavesOutWhatIsUnknown) {
    const std::string text = describe(Error{ErrorCode::Usage, 0, ""});
    EXPECT_EQ(text.find(": \n"), std::string::npos);
    EXPECT_EQ(text.find("system:"), std::string::npos);
}

TEST(OsErrorText, IsTheSystemsSentenceWithoutItsFullStop) {
    const std::string message = os_error_message(2);
    EXPECT_TRUE(message.starts_with(os_error_text(2))) << message;
    EXPECT_FALSE(os_error_text(2).ends_with('.'));
    EXPECT_FALSE(message.ends_with('\n'));
}

TEST(OsErrorText, IsNeverEmpty) {
    EXPECT_FALSE(os_error_message(0x3FFFFFFF).empty());
    EXPECT_FALSE(os_error_text(2).empty());
    EXPECT_FALSE(os_error_text(0x3FFFFFFF).empty());
}

}  // namespace
}  // namespace pysvc
