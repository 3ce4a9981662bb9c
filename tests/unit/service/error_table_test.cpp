// SPDX-License-Identifier: MIT
// The error table of host/base as the services see it: events, exit codes,
// messages.
#include "host/base/error.hpp"
#include "host/base/message_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace pysvc {
namespace {

TEST(ErrorTable, RowsAreInOrderAndUnique) {
    std::uint32_t before = 0;
    std::set<std::string> names;
    for (const ErrorInfo& info : error_table()) {
        EXPECT_GT(static_cast<std::uint32_t>(info.code), before) << info.name;
        before = static_cast<std::uint32_t>(info.code);
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_EQ(&error_info(info.code), &info) << info.name;
    }
    EXPECT_FALSE(names.empty());
}

TEST(ErrorTable, EventIdsAreUniqueAndHaveAMessageThatNamesTheRow) {
    std::set<std::uint32_t> ids;
    for (const ErrorInfo& info : error_table()) {
        if (info.event_id == 0) continue;
        EXPECT_TRUE(ids.insert(info.event_id).second) << info.name;
        const char* text = message_text(info.event_id);
        ASSERT_NE(text, nullptr) << info.name << " has no message in messages.mc";
        EXPECT_EQ(std::string(text), std::string(info.name) + ": %1!S!");
    }
}

TEST(ErrorTable, OurOwnExitCodesAreUniqueAndOursAlone) {
    std::map<std::uint32_t, std::string> codes;
    for (const ErrorInfo& info : error_table()) {
        // 0: none. 1 and 0x20000001: pywin32's, kept because people match on them.
        if (info.exit_code <= 1 || info.exit_code == 0x20000001) continue;
        EXPECT_EQ(info.exit_code, 0x20002000 + static_cast<std::uint32_t>(info.code)) << info.name;
        EXPECT_TRUE(codes.emplace(info.exit_code, info.name).second) << info.name;
    }
    EXPECT_FALSE(codes.empty());
}

TEST(ErrorTable, EveryRowSaysWhatWhyAndWhatNext) {
    for (const ErrorInfo& info : error_table()) {
        for (const std::string text : {info.summary, info.cause, info.remedy}) {
            ASSERT_FALSE(text.empty()) << info.name;
            EXPECT_NE(text.back(), '.') << info.name << ": " << text;
            EXPECT_EQ(text.find('\n'), std::string::npos) << info.name;
        }
    }
}

TEST(ErrorTable, DescribeSaysEverythingThatIsKnown) {
    const std::string text = describe({ErrorCode::PythonNotFound, 2, "'C:\\py'"});
    EXPECT_TRUE(text.starts_with("Python was not found: 'C:\\py'\nsystem: ")) << text;
    EXPECT_NE(text.find("(2)\nlikely cause: "), std::string::npos) << text;
    EXPECT_NE(text.find("\nnext step: "), std::string::npos) << text;
    EXPECT_EQ(describe({ErrorCode::PythonNotFound, 0, {}}).find("system:"), std::string::npos);
}

}  // namespace
}  // namespace pysvc
