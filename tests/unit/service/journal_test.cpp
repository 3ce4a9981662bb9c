// SPDX-License-Identifier: MIT
#include "host/service/journal.hpp"

#include "host/base/text.hpp"
#include "messages/message_ids.hpp"
#include "tests/fakes/fake_event_log.hpp"
#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <string_view>

namespace pysvc {
namespace {

using namespace std::string_view_literals;
using fakes::FakeEventLog;
using Registrations = std::vector<std::pair<std::string, EventFiles>>;

class JournalTest : public testing::Test {
protected:
    std::vector<std::string> inserts_after(std::vector<std::string> inserts) {
        journal.report(Event{EventType::Information, message::PYS_E_GENERIC_WARNING, std::move(inserts)});
        return events.entries().back().event.inserts;
    }

    const std::unique_ptr<LogStorage> storage = make_log_storage();
    FakeEventLog events;
    Journal journal{events, "Python Service", "messages.dll"};
};

std::size_t units(const std::vector<std::string>& inserts) {
    return std::accumulate(inserts.begin(), inserts.end(), std::size_t{0},
                           [](std::size_t sum, const std::string& insert) { return sum + utf16_length(insert); });
}

TEST_F(JournalTest, WritesAnEventUnderItsSource) {
    EXPECT_EQ(journal.report(Event{EventType::Warning, 0x800000FF, {"a", "b"}}), 0U);
    const auto entries = events.entries();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].source, "Python Service");
    EXPECT_EQ(entries[0].event.type, EventType::Warning);
    EXPECT_EQ(entries[0].event.id, 0x800000FFU);
    EXPECT_EQ(entries[0].event.inserts, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(entries[0].event.category, EventCategory::None);
}

TEST_F(JournalTest, EveryErrorHasItsEventIdAndATypeThatAgreesWithIt) {
    for (const ErrorInfo& info : error_table()) {
        SCOPED_TRACE(info.name);
        const std::size_t before = events.entries().size();
        journal.report(Error{info.code, 0, "the context"});
        const auto entries = events.entries();
        if (info.event_id == 0) {
            EXPECT_EQ(entries.size(), before) << "shown by commands only";
            continue;
        }
        ASSERT_EQ(entries.size(), before + 1);
        const Event& event = entries.back().event;
        EXPECT_EQ(event.id, info.event_id);
        EXPECT_EQ(event.type, info.event_id >> 30 == 3 ? EventType::Error : EventType::Warning);
        EXPECT_EQ(event.category, info.category);
        ASSERT_EQ(event.inserts.size(), 1U);
        EXPECT_EQ(event.inserts[0], describe(Error{info.code, 0, "the context"}));
    }
}

TEST_F(JournalTest, CutsALongInsertInTheMiddle) {
    const auto inserts = inserts_after({"begin" + std::string(100'000, 'x') + "end"});
    EXPECT_LE(units(inserts), 30'000U);
    EXPECT_GT(units(inserts), 29'900U);
    EXPECT_TRUE(inserts[0].starts_with("begin"));
    EXPECT_TRUE(inserts[0].ends_with("end"));
    EXPECT_NE(inserts[0].find("characters omitted"), std::string::npos);
}

TEST_F(JournalTest, LeavesWhatFitsAlone) {
    const std::string text(29'990, 'x');
    EXPECT_EQ(inserts_after({text, "short"}), (std::vector<std::string>{text, "short"}));
}

TEST_F(JournalTest, CutsOnlyTheLongestAndAllTogetherFit) {
    const auto inserts =
        inserts_after({"name", std::string(50'000, 'a'), std::string(1'000, 'b'), std::string(50'000, 'c')});
    EXPECT_LE(units(inserts), 30'000U);
    EXPECT_GT(units(inserts), 29'000U);
    EXPECT_EQ(inserts[0], "name");
    EXPECT_EQ(inserts[2], std::string(1'000, 'b'));
}

TEST_F(JournalTest, CountsUtf16Units) {
    std::string snakes;
    for (int i = 0; i < 20'000; ++i) snakes += "\xF0\x9F\x90\x8D";
    EXPECT_LE(units(inserts_after({snakes})), 30'000U);
}

TEST_F(JournalTest, ShowsANul) {
    EXPECT_EQ(inserts_after({std::string("a\0b"sv), std::string("\0"sv)}),
              (std::vector<std::string>{"a\\x00b", "\\x00"}));
}

TEST_F(JournalTest, ErrorsOfTheHostShowWhatWouldMoveTextAbout) {
    journal.report(Error{ErrorCode::ModuleNotFound, 0, "\x1B[2J\xE2\x80\xAE" "exe.py\r\nsecond\tline"});
    EXPECT_NE(events.entries().back().event.inserts[0].find("\\x1b[2J\\u202eexe.py\nsecond\tline"), std::string::npos)
        << events.entries().back().event.inserts[0];
}

TEST_F(JournalTest, LeavesEveryOtherTextAsItIs) {
    const std::vector<std::string> texts = {"100%n %1 %2!S! %% %", "", "line\r\nline\ttab \x1B[0m",
                                            "Gr\xC3\xBC\xC3\x9F"
                                            "e \xF0\x9F\x90\x8D",
                                            "\xED\xA0\x80 lone \xED\xB2\x80"};
    EXPECT_EQ(inserts_after(texts), texts);
    const std::vector<std::string> many(100, "one of a hundred");
    EXPECT_EQ(inserts_after(many), many);
}

TEST_F(JournalTest, MoreInsertsThanReportEventTakesAreJoinedInTheLast) {
    std::vector<std::string> texts;
    for (int i = 1; i <= 300; ++i) texts.push_back("insert " + std::to_string(i));
    const auto inserts = inserts_after(texts);
    ASSERT_EQ(inserts.size(), 256U);
    EXPECT_EQ(inserts[254], "insert 255");
    EXPECT_TRUE(inserts[255].starts_with("insert 256\ninsert 257\n")) << inserts[255];
    EXPECT_TRUE(inserts[255].ends_with("\ninsert 300")) << inserts[255];
}

TEST_F(JournalTest, AnyNumberOfLongInsertsFits) {
    for (const std::size_t count : {2U, 100U, 256U, 257U, 70'000U}) {
        const auto inserts = inserts_after(std::vector<std::string>(count, std::string(200, 'x')));
        EXPECT_LE(inserts.size(), 256U) << count;
        EXPECT_LE(units(inserts), 30'000U) << count;
    }
}

TEST_F(JournalTest, AnEventWithoutInsertsIsFine) { EXPECT_TRUE(inserts_after({}).empty()); }

TEST_F(JournalTest, RegistersItsSourceOnceAndOnlyIfNobodyElseHas) {
    journal.report(Event{EventType::Information, 1, {}});
    journal.report(Event{EventType::Information, 1, {}});
    EXPECT_EQ(events.registrations(), (Registrations{{"Python Service", {"messages.dll", "messages.dll"}}}));

    events.add_registered("Mine");
    journal.set_source("Mine");
    journal.report(Event{EventType::Information, 1, {}});
    EXPECT_EQ(events.registrations().size(), 1U);
    EXPECT_EQ(events.entries().back().source, "Mine");

    journal.set_source("Other");
    journal.set_message_file("other.dll");
    EXPECT_EQ(journal.message_file(), "other.dll");
    journal.report(Event{EventType::Information, 1, {}});
    EXPECT_EQ(events.registrations().back(), (Registrations::value_type{"Other", {"other.dll", "messages.dll"}}))
        << "the categories are the host's, whoever has the texts";
}

TEST_F(JournalTest, NeverRegistersANameThatIsNoSource) {
    // The first is the key of the whole log, the second one below another source.
    for (const char* name : {"", "Mine\\Parameters", "\\"}) {
        journal.set_source(name);
        journal.register_source();
        EXPECT_EQ(journal.report(Event{EventType::Information, 1, {}}), 0U);
        EXPECT_EQ(events.entries().back().source, name);
    }
    EXPECT_TRUE(events.registrations().empty());
}

TEST_F(JournalTest, AMissingRightToRegisterIsNoFailure) {
    events.fail_registrations(5);
    EXPECT_EQ(journal.report(Event{EventType::Information, 1, {"x"}}), 0U);
    EXPECT_EQ(events.entries().size(), 1U);
}

TEST_F(JournalTest, TheLogHoldsTheFormattedEventToo) {
    const TemporaryFolder folder;
    ASSERT_TRUE(journal.log().open(*storage, folder / "svc.log", Settings{}));
    journal.report(Event{EventType::Information, 0x40001002, {"svc", " is here"}});
    journal.report(Error{ErrorCode::StopSlow, 0, "svc"});
    const std::string log = folder.text("svc.log");
    EXPECT_NE(log.find("event 0x40001002 information: Service svc has started is here"), std::string::npos) << log;
    EXPECT_NE(log.find("event 0x80002042 warning: stop-slow: "), std::string::npos) << log;
}

TEST_F(JournalTest, WhatTheEventLogRefusesIsInTheLogWithTheReason) {
    const TemporaryFolder folder;
    ASSERT_TRUE(journal.log().open(*storage, folder / "svc.log", Settings{}));
    events.fail_reports(1502);
    EXPECT_EQ(journal.report(Event{EventType::Error, message::PYS_E_GENERIC_ERROR, {"lost?"}}), 1502U);
    const std::string log = folder.text("svc.log");
    EXPECT_NE(log.find("lost?"), std::string::npos) << log;
    EXPECT_NE(log.find("not in the event log"), std::string::npos) << log;
    EXPECT_NE(log.find("1502"), std::string::npos) << log;
}

TEST_F(JournalTest, ErrorsWithoutAnEventAreInTheLog) {
    const TemporaryFolder folder;
    ASSERT_TRUE(journal.log().open(*storage, folder / "svc.log", Settings{}));
    journal.report(Error{ErrorCode::StartupErrorRaised, 0, "svc"});
    EXPECT_TRUE(events.entries().empty());
    EXPECT_NE(folder.text("svc.log").find("startup_error"), std::string::npos);
}

}  // namespace
}  // namespace pysvc
