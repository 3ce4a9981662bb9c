// SPDX-License-Identifier: MIT
#include "host/service/repeated_reports.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

const TimePoint kStart{1'000h};

Error raised(std::string text) { return {ErrorCode::UnhandledException, 0, std::move(text)}; }

TEST(WithoutNumbers, LeavesOutWhatDiffersFromOneReportToTheNext) {
    EXPECT_EQ(without_numbers("thread 'Thread-12 (work)'"), without_numbers("thread 'Thread-9 (work)'"));
    EXPECT_EQ(without_numbers("<Svc object at 0x7fAb01>: 10 %"), "<Svc object at #>: # %");
    EXPECT_EQ(without_numbers("0x"), "#");
    EXPECT_EQ(without_numbers(""), "");
}

TEST(WithoutNumbers, KeepsTheLinesOfATraceback) {
    EXPECT_EQ(without_numbers("File \"svc2.py\", line 120, in f1"), "File \"svc#.py\", line 120, in f#");
}

TEST(RepeatedReports, LetTheFirstPassAndCountTheOthers) {
    RepeatedReports reports;
    EXPECT_TRUE(reports.is_news(raised("Task-1: ValueError"), kStart));
    EXPECT_FALSE(reports.is_news(raised("Task-2: ValueError"), kStart + 1min));
    EXPECT_FALSE(reports.is_news(raised("Task-3: ValueError"), kStart + 9min));
    EXPECT_TRUE(reports.take_due(kStart + 9min).empty());
    EXPECT_EQ(reports.next(), kStart + 10min);
    const auto due = reports.take_due(kStart + 10min);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].first.context, "Task-1: ValueError");
    EXPECT_EQ(due[0].repeats, 2U);
    EXPECT_TRUE(reports.is_news(raised("Task-4: ValueError"), kStart + 10min));
}

TEST(RepeatedReports, TellTextsAndCodesApart) {
    RepeatedReports reports;
    EXPECT_TRUE(reports.is_news(raised("one"), kStart));
    EXPECT_TRUE(reports.is_news(raised("two"), kStart));
    EXPECT_TRUE(reports.is_news({ErrorCode::PythonWarning, 0, "one"}, kStart));
}

TEST(RepeatedReports, ForgetWhatCameOnce) {
    RepeatedReports reports;
    EXPECT_TRUE(reports.is_news(raised("once"), kStart));
    EXPECT_TRUE(reports.take_due(kStart + 10min).empty());
    EXPECT_EQ(reports.next(), TimePoint::max());
    EXPECT_TRUE(reports.is_news(raised("once"), kStart + 11min));
}

TEST(RepeatedReports, GiveTheirCountsAtTheEnd) {
    RepeatedReports reports;
    EXPECT_TRUE(reports.is_news(raised("again"), kStart));
    EXPECT_FALSE(reports.is_news(raised("again"), kStart));
    const auto all = reports.take_all();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(counted(all[0]).context, "1 more time since this was reported:\nagain");
    EXPECT_EQ(counted(all[0]).code, ErrorCode::UnhandledException);
    EXPECT_TRUE(reports.take_all().empty());
}

TEST(RepeatedReports, RememberNoMoreThanTheirBound) {
    RepeatedReports reports;
    for (std::size_t i = 0; i <= RepeatedReports::kMaxReports; ++i) {
        EXPECT_TRUE(reports.is_news(raised(std::string(i + 1, 'x')), kStart));
    }
    EXPECT_FALSE(reports.is_news(raised("x"), kStart));
    // The one beyond the bound is not known: written again rather than lost.
    EXPECT_TRUE(reports.is_news(raised(std::string(RepeatedReports::kMaxReports + 1, 'x')), kStart));
}

}  // namespace
}  // namespace pysvc
