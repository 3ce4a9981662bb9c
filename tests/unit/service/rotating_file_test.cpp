// SPDX-License-Identifier: MIT
#include "host/service/rotating_file.hpp"

#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/faulty_storage.hpp"
#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using fakes::FakeClock;
using fakes::FaultyStorage;

constexpr std::uint32_t kSharingViolation = 32;

class RotatingFileTest : public testing::Test {
protected:
    static constexpr RotatingFile::Limits kLimits{20, 3};

    [[nodiscard]] RotatingFile make_file(RotatingFile::Limits limits = kLimits) {
        return {storage, clock, folder / "svc.log", limits, [](const std::string& text) { return "! " + text + '\n'; }};
    }
    /// The error it returned, as a test sees it best: an empty text for none.
    static std::string write(RotatingFile& file, const std::string& record) {
        const auto error = file.write(record + '\n');
        if (!error) return {};
        EXPECT_EQ(error->code, ErrorCode::LogUnavailable);
        return error->context + " (" + std::to_string(error->os_code) + ")";
    }
    [[nodiscard]] std::string text(const std::string& name = "svc.log") const { return folder.text(name); }
    /// What a remark says of the file.
    [[nodiscard]] std::string why(std::uint32_t code) const {
        return "'" + from_path(folder / "svc.log") + "': " + os_error_text(code) + " (" + std::to_string(code) + ")";
    }
    [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(folder / name); }

    TemporaryFolder folder;
    FaultyStorage storage;
    FakeClock clock;
};

TEST_F(RotatingFileTest, ARecordIsOneWrite) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "one"), "");
    EXPECT_EQ(write(file, "two\n  | more of two"), "");
    EXPECT_EQ(storage.appends(), 2);
    EXPECT_EQ(text(), "one\ntwo\n  | more of two\n");
}

TEST_F(RotatingFileTest, ShiftsTheOlderOnesAndDropsTheOldest) {
    RotatingFile file = make_file();
    ASSERT_TRUE(file.open());
    for (const char* record : {"0123456789 first", "0123456789 second", "0123456789 third", "0123456789 fourth",
                               "0123456789 fifth"}) {
        EXPECT_EQ(write(file, record), "");
    }
    EXPECT_EQ(text(), "0123456789 fifth\n");
    EXPECT_EQ(text("svc.1.log"), "0123456789 fourth\n");
    EXPECT_EQ(text("svc.2.log"), "0123456789 third\n");
    EXPECT_EQ(text("svc.3.log"), "0123456789 second\n");
    EXPECT_FALSE(exists("svc.4.log"));
}

TEST_F(RotatingFileTest, ARecordBeyondTheLimitGetsAFileOfItsOwn) {
    RotatingFile file = make_file();
    ASSERT_TRUE(file.open());
    const std::string huge(100, 'x');
    EXPECT_EQ(write(file, huge), "");
    EXPECT_EQ(write(file, "next"), "");
    EXPECT_EQ(text("svc.1.log"), huge + '\n');
    EXPECT_EQ(text(), "next\n");
}

TEST_F(RotatingFileTest, AFileThatCannotBeRenamedGoesOnAndIsRotatedLater) {
    RotatingFile file = make_file();
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "0123456789 first"), "");
    storage.fail_renames(kSharingViolation);
    EXPECT_EQ(write(file, "second"), "") << "nothing is lost: nothing to report";
    EXPECT_EQ(write(file, "third"), "");
    EXPECT_EQ(storage.renames(), 1) << "not tried again at once";
    EXPECT_NE(text().find("0123456789 first\n! the log is not rotated"), std::string::npos) << text();
    EXPECT_TRUE(text().ends_with("\nsecond\nthird\n")) << text();

    clock.advance(1s);
    EXPECT_EQ(write(file, "fourth"), "");
    EXPECT_EQ(storage.renames(), 2);
    clock.advance(1s);
    EXPECT_EQ(write(file, "fifth"), "");
    EXPECT_EQ(storage.renames(), 2) << "the second delay is longer";

    storage.fail_renames(0);
    clock.advance(1s);
    EXPECT_EQ(write(file, "sixth"), "");
    EXPECT_EQ(text(), "sixth\n");
    EXPECT_TRUE(text("svc.1.log").ends_with("\nsecond\nthird\nfourth\nfifth\n")) << text("svc.1.log");
}

TEST_F(RotatingFileTest, AShiftThatIsRepeatedDropsNoMoreFiles) {
    for (const int number : {1, 2, 3}) {
        const std::string digit = std::to_string(number);
        std::ofstream(folder / ("svc." + digit + ".log")) << digit;
    }
    RotatingFile file = make_file();
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "0123456789 first"), "");
    storage.fail_renames(kSharingViolation);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(write(file, "another"), "");
        clock.advance(1min);
    }
    EXPECT_EQ(text("svc.1.log"), "1");
    EXPECT_EQ(text("svc.2.log"), "2");
    storage.fail_renames(0);
    EXPECT_EQ(write(file, "last"), "");
    EXPECT_EQ(text("svc.2.log"), "1");
    EXPECT_EQ(text("svc.3.log"), "2");
    EXPECT_EQ(text(), "last\n");
}

TEST_F(RotatingFileTest, WhatIsLostIsReportedOnceAndCounted) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "before"), "");
    storage.fail_appends(FaultyStorage::kDiskFull);
    EXPECT_NE(write(file, "lost").find("svc.log' (112)"), std::string::npos);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(write(file, "lost"), "");
        clock.advance(1min);
        EXPECT_EQ(write(file, "lost"), "");
    }
    storage.fail_appends(0);
    EXPECT_EQ(write(file, "lost"), "") << "its time has not come";
    clock.advance(1min);
    EXPECT_EQ(write(file, "after"), "");
    EXPECT_EQ(text(), "before\n! 12 records are lost: " + why(FaultyStorage::kDiskFull) + "\nafter\n");
}

TEST_F(RotatingFileTest, ItIsTriedAgainAfterGrowingDelays) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    storage.fail_appends(FaultyStorage::kDiskFull);
    (void)write(file, "lost");
    for (const auto delay : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        const int before = storage.appends();
        clock.advance(delay - 1ms);
        (void)write(file, "lost");
        EXPECT_EQ(storage.appends(), before) << delay.count();
        clock.advance(1ms);
        (void)write(file, "lost");
        EXPECT_EQ(storage.appends(), before + 1) << delay.count();
    }
}

TEST_F(RotatingFileTest, AnOutageSoonAfterAnotherIsNoNews) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    storage.fail_appends(FaultyStorage::kDiskFull);
    EXPECT_NE(write(file, "lost"), "");
    storage.fail_appends(0);
    clock.advance(1s);
    EXPECT_EQ(write(file, "written"), "");
    storage.fail_appends(FaultyStorage::kDiskFull);
    EXPECT_EQ(write(file, "lost"), "");
    storage.fail_appends(0);
    clock.advance(2s);
    EXPECT_EQ(write(file, "written"), "");
    clock.advance(1min);
    storage.fail_appends(FaultyStorage::kDiskFull);
    EXPECT_NE(write(file, "lost"), "") << "this one is";
}

TEST_F(RotatingFileTest, WhatWasWrittenInPartIsClosedByALineEnd) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "before"), "");
    storage.fail_appends(FaultyStorage::kDiskFull, 4);
    EXPECT_NE(write(file, "0123456789"), "");
    EXPECT_EQ(text(), "before\n0123");
    storage.fail_appends(0);
    clock.advance(1s);
    EXPECT_EQ(write(file, "after"), "");
    EXPECT_EQ(text(), "before\n0123\n! 1 records are lost: " + why(FaultyStorage::kDiskFull) + "\nafter\n");
}

TEST_F(RotatingFileTest, WhatAProcessLeftInPartIsClosedByALineEnd) {
    std::ofstream(folder / "svc.log", std::ios::binary) << "whole\nhal";
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "next"), "");
    EXPECT_EQ(text(), "whole\nhal\nnext\n");
}

TEST_F(RotatingFileTest, AFileThatCannotBeOpenedAtFirstIsTriedAgain) {
    storage.fail_opens(5);
    RotatingFile file = make_file({1'000, 3});
    const auto opened = file.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().os_code, 5U);
    EXPECT_EQ(write(file, "lost"), "") << "open has said it";
    storage.fail_opens(0);
    clock.advance(1s);
    EXPECT_EQ(write(file, "written"), "");
    EXPECT_TRUE(text().starts_with("! 1 records are lost: ")) << text();
    EXPECT_TRUE(text().ends_with(" (5)\nwritten\n")) << text();
}

#ifndef _WIN32
// For Windows the tests of services have it: Wine keeps a file that is deleted while it is open, and does not tell.
TEST_F(RotatingFileTest, ADeletedFileIsMadeAgainAndReported) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "first"), "");
    std::filesystem::remove(folder / "svc.log");
    EXPECT_EQ(write(file, "gone with the file"), "") << "the file is looked at once a second";
    clock.advance(1s);
    EXPECT_NE(write(file, "after").find("was deleted"), std::string::npos);
    EXPECT_TRUE(text().starts_with("! 2 records are lost: ")) << text();
    EXPECT_TRUE(text().ends_with("svc.log' was deleted while the service wrote it\nafter\n")) << text();
    EXPECT_EQ(write(file, "more"), "");
}

TEST_F(RotatingFileTest, ADeletedFolderIsMadeAgain) {
    const auto deep = folder / "deep";
    RotatingFile file(storage, clock, deep / "svc.log", {1'000, 3}, [](const std::string& text) { return text + '\n'; });
    ASSERT_TRUE(file.open());
    std::filesystem::remove_all(deep);
    clock.advance(1s);
    EXPECT_NE(write(file, "after").find("0 records are lost"), std::string::npos);
    EXPECT_EQ(text("deep/svc.log"), "after\n");
}
#endif

TEST_F(RotatingFileTest, AFileThatWasRenamedIsLeftAlone) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    EXPECT_EQ(write(file, "first"), "");
    std::filesystem::rename(folder / "svc.log", folder / "kept.log");
    EXPECT_EQ(write(file, "second"), "");
    clock.advance(1s);
    EXPECT_EQ(write(file, "third"), "");
    EXPECT_EQ(text("kept.log"), "first\nsecond\n");
    EXPECT_EQ(text(), "third\n");
}

TEST_F(RotatingFileTest, AFileThatWasRenamedKeepsTheRecordsUntilThereIsAnother) {
    RotatingFile file = make_file({1'000, 3});
    ASSERT_TRUE(file.open());
    std::filesystem::rename(folder / "svc.log", folder / "kept.log");
    storage.fail_opens(5);
    clock.advance(1s);
    EXPECT_EQ(write(file, "first"), "");
    storage.fail_opens(0);
    clock.advance(1s);
    EXPECT_EQ(write(file, "second"), "");
    EXPECT_EQ(text("kept.log"), "first\n");
    EXPECT_EQ(text(), "second\n");
}

TEST_F(RotatingFileTest, TwoProcessesShareAFileAndRotateItOnce) {
    RotatingFile one = make_file();
    RotatingFile other = make_file();
    ASSERT_TRUE(one.open());
    ASSERT_TRUE(other.open());
    EXPECT_EQ(write(one, "one"), "");
    EXPECT_EQ(write(other, "other"), "");
    EXPECT_EQ(text(), "one\nother\n");
    EXPECT_EQ(write(one, "one 0123456789"), "");
    EXPECT_EQ(write(other, "other 0123456789"), "") << "its file is full too, but has been rotated already";
    EXPECT_EQ(write(one, "x"), "");
    std::string all;
    for (const char* name : {"svc.3.log", "svc.2.log", "svc.1.log", "svc.log"}) all += text(name);
    EXPECT_EQ(all, "one\nother\none 0123456789\nother 0123456789\nx\n");
}

}  // namespace
}  // namespace pysvc
