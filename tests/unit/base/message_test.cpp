// SPDX-License-Identifier: MIT
#include "host/base/error.hpp"
#include "host/base/message_text.hpp"
#include "messages/message_ids.hpp"
#include "messages/message_texts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pysvc {
namespace {

using Inserts = std::vector<std::string>;

/// The highest insert a text asks for.
int insert_count(std::string_view text) {
    int highest = 0;
    for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (at + 1 < text.size() && text[at + 1] >= '1' && text[at + 1] <= '9')
            highest = std::max(highest, text[at + 1] - '0');
    }
    return highest;
}

TEST(Messages, EveryEventOfTheErrorTableHasATextWithItsNameAndOneInsert) {
    for (const ErrorInfo& row : error_table()) {
        if (row.event_id == 0) continue;
        const char* text = message_text(row.event_id);
        ASSERT_NE(text, nullptr) << row.name;
        EXPECT_EQ(text, std::string(row.name) + ": %1!S!");
    }
}

TEST(Messages, OwnErrorIdsWithoutARowDoNotExist) {
    for (const MessageText& message : kMessageTexts) {
        if ((message.id & 0xBFFFF000) != 0x80002000) continue;  // 0x8... and 0xC...
        EXPECT_EQ(std::ranges::count(error_table(), message.id, &ErrorInfo::event_id), 1) << std::hex << message.id;
    }
}

TEST(Messages, CategoriesAreNumberedFromOneWithoutAGap) {
    const std::pair<EventCategory, const char*> categories[] = {{EventCategory::Service, "Service"},
                                                                {EventCategory::Configuration, "Configuration"},
                                                                {EventCategory::Python, "Python"},
                                                                {EventCategory::Script, "Script"},
                                                                {EventCategory::Control, "Control"}};
    ASSERT_EQ(std::size(categories), kEventCategoryCount);
    for (std::uint32_t number = 1; number <= kEventCategoryCount; ++number) {
        const auto& [category, name] = categories[number - 1];
        EXPECT_EQ(static_cast<std::uint32_t>(category), number);
        EXPECT_STREQ(message_text(number), name);
    }
}

TEST(Messages, IdsAreUnique) {
    std::set<std::uint32_t> ids;
    for (const MessageText& message : kMessageTexts)
        EXPECT_TRUE(ids.insert(message.id).second) << std::hex << message.id;
}

TEST(Messages, EveryInsertIsProtectedFromASecondExpansion) {
    for (const MessageText& message : kMessageTexts) {
        const std::string_view text = message.text;
        for (int number = 1; number <= insert_count(text); ++number) {
            const std::string plain = fmt::format("%{}", number);
            const std::size_t at = text.find(plain);
            ASSERT_NE(at, std::string_view::npos) << std::hex << message.id;
            EXPECT_EQ(text.substr(at + plain.size(), 3), "!S!") << std::hex << message.id;
        }
    }
}

TEST(Messages, Pywin32sIdsAreWhereScriptsAndFiltersExpectThem) {
    EXPECT_EQ(message::E_PYS_NOT_CONTROL_HANDLER, 0xC0000001U);
    EXPECT_EQ(message::E_PYS_NO_SERVICE, 0xC0000006U);
    EXPECT_EQ(message::PYS_E_SERVICE_CONTROL_FAILED, 0xC000000BU);
    EXPECT_EQ(message::PYS_E_NO_SERVICEMANAGER, 0xC000000EU);
    EXPECT_EQ(message::PYS_E_CANT_LOCATE_MODULE_NAME, 0xC0000080U);
    EXPECT_EQ(message::PYS_E_API_CANT_START_SERVICE, 0xC00000F0U);
    EXPECT_EQ(message::PYS_E_API_CANT_LOCATE_PYTHON_CLASS, 0xC00000F4U);
    EXPECT_EQ(message::PYS_E_GENERIC_ERROR, 0xC00000FFU);
    EXPECT_EQ(message::PYS_E_GENERIC_WARNING, 0x400000FFU);
    EXPECT_EQ(message::PYS_SERVICE_STARTING, 1073745920U);
    EXPECT_EQ(message::PYS_SERVICE_STARTED, 1073745922U);
    EXPECT_EQ(message::PYS_SERVICE_STOPPING, 1073745923U);
    EXPECT_EQ(message::PYS_SERVICE_STOPPED, 1073745924U);
    for (std::uint32_t i = 0; i < 9; ++i) {
        for (const std::uint32_t first : {0xC000F000U, 0x8000F000U, 0x4000F000U, 0xF000U}) {
            ASSERT_NE(message_text(first + i), nullptr) << std::hex << first + i;
            EXPECT_STREQ(message_text(first + i), "%1!S!");
        }
    }
}

TEST(Messages, EveryPywin32IdHasItsNumberOfInserts) {
    struct Row {
        std::uint32_t id;
        int inserts;
    };
    const Row rows[] = {{0xC0000007, 0}, {0xC0000008, 1}, {0xC0000009, 1}, {0xC000000C, 1}, {0xC000000D, 1},
                        {0xC000000E, 1}, {0xC00000F2, 2}, {0xC00000F3, 2}, {0xC00000FF, 1}, {0x400000FF, 1},
                        {0x40001000, 2}, {0x40001002, 2}, {0x40001003, 2}, {0x40001004, 2}};
    for (const Row& row : rows) {
        const char* text = message_text(row.id);
        ASSERT_NE(text, nullptr) << std::hex << row.id;
        EXPECT_EQ(insert_count(text), row.inserts) << std::hex << row.id;
    }
}

TEST(MessageText, IsNullForUnknownIds) { EXPECT_EQ(message_text(0x12345678), nullptr); }

TEST(ExpandMessage, PutsInsertsIn) {
    EXPECT_EQ(expand_message(message::PYS_SERVICE_STARTED, Inserts{"Backup", " (again)"}),
              "Service Backup has started (again)");
}

TEST(ExpandMessage, NeverExpandsAnInsert) {
    const std::string text = "100%n %1 %2!S! %%";
    EXPECT_EQ(expand_message(message::PYS_E_GENERIC_ERROR, Inserts{text}), text);
}

TEST(ExpandMessage, NeverCutsAnInsert) {
    const std::string text(100'000, 'x');
    EXPECT_EQ(expand_message(message::PYS_E_GENERIC_ERROR, Inserts{text}), text);
}

TEST(ExpandMessage, ShowsThePlaceholderOfAMissingInsert) {
    EXPECT_EQ(expand_message(message::PYS_SERVICE_STARTED, Inserts{"Backup"}), "Service Backup has started%2!S!");
}

TEST(ExpandMessage, AppendsSurplusInserts) {
    EXPECT_EQ(expand_message(message::E_PYS_START_FAILED, Inserts{"traceback", "", "more"}),
              "run-raised: traceback\nmore");
}

TEST(ExpandMessage, ShowsTheInsertsOfAnUnknownMessage) {
    EXPECT_EQ(expand_message(0x12345678, Inserts{"one", "two"}), "one\ntwo");
    EXPECT_EQ(expand_message(0x12345678, {}), "");
}

}  // namespace
}  // namespace pysvc
