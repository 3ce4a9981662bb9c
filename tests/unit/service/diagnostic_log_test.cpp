// SPDX-License-Identifier: MIT
#include "host/service/diagnostic_log.hpp"

#include "host/service/journal.hpp"
#include "tests/fakes/fake_event_log.hpp"
#include "tests/fakes/faulty_storage.hpp"
#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace pysvc {
namespace {

std::vector<std::string> lines_of_text(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// What a record says, without time, level and thread.
std::string message_of(const std::string& line) {
    const auto end = line.find("] ");
    return end == std::string::npos ? line : line.substr(end + 2);
}

/// `text` with a 0 for every digit.
std::string shape_of(std::string text) {
    for (char& c : text) {
        if (c >= '0' && c <= '9') c = '0';
    }
    return text;
}

class DiagnosticLogTest : public testing::Test {
protected:
    std::vector<std::string> messages() {
        std::vector<std::string> messages;
        for (const std::string& line : lines_of_text(folder.text("svc.log"))) messages.push_back(message_of(line));
        return messages;
    }

    TemporaryFolder folder;
    const std::unique_ptr<LogStorage> storage = make_log_storage();
    DiagnosticLog log;
    Settings settings;
};

TEST_F(DiagnosticLogTest, ARecordHasUtcTimeLevelProcessAndThread) {
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Warning, "hello");
    const std::string text = folder.text("svc.log");
    EXPECT_EQ(shape_of(text.substr(0, 24)), "0000-00-00T00:00:00.000Z") << text;
    EXPECT_TRUE(text.substr(24).starts_with(" warning [")) << text;
    const auto dot = text.find('.', 34);
    ASSERT_NE(dot, std::string::npos) << text;
    EXPECT_EQ(text.substr(34, dot - 34).find_first_not_of("0123456789"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("] hello\n")) << text;
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::ostringstream day;
    const std::tm utc = *std::gmtime(&now);
    day << std::put_time(&utc, "%Y-%m-%d");
    EXPECT_TRUE(text.starts_with(day.str())) << text;
}

TEST_F(DiagnosticLogTest, IsWrittenAtOnce) {
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Info, "before a crash");
    EXPECT_NE(folder.text("svc.log").find("before a crash"), std::string::npos) << "no flush was needed";
}

TEST_F(DiagnosticLogTest, EachLineIsARecordAndNothingElseMakesOne) {
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Info, "one\r\ntwo\nthree\n\n");
    log.write(LogLevel::Info,
              "a\rb\x1b[0m\xE2\x80\xA8"
              "c\x01");
    EXPECT_EQ(messages(), (std::vector<std::string>{"one", "  | two", "  | three", R"(a\x0db\x1b[0m\u2028c\x01)"}));
}

TEST_F(DiagnosticLogTest, AnEmptyTextIsAnEmptyRecord) {
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Info, "");
    EXPECT_EQ(messages(), std::vector<std::string>{""});
}

TEST_F(DiagnosticLogTest, PercentAndBracesAreText) {
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Info, "100% {} %v {0}");
    EXPECT_EQ(messages(), std::vector<std::string>{"100% {} %v {0}"});
}

TEST_F(DiagnosticLogTest, KeepsWhatWasSaidBeforeItWasOpened) {
    log.write(LogLevel::Error, "early");
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Info, "late");
    EXPECT_EQ(messages(), (std::vector<std::string>{"early", "late"}));
}

TEST_F(DiagnosticLogTest, KeepsOnlySoMuchBeforeItWasOpened) {
    for (int i = 0; i < 5'000; ++i) log.write(LogLevel::Info, std::to_string(i));
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    EXPECT_EQ(messages().size(), 1'000U);
}

TEST_F(DiagnosticLogTest, WritesItsLevelAndAbove) {
    settings.log_level = "warning";
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Debug, "debug");
    log.write(LogLevel::Info, "info");
    log.write(LogLevel::Warning, "warning");
    log.write(LogLevel::Error, "error");
    EXPECT_EQ(messages(), (std::vector<std::string>{"warning", "error"}));
}

TEST_F(DiagnosticLogTest, RotatesAndKeepsAsManyFilesAsConfigured) {
    settings.log_max_bytes = 1'000;
    settings.log_files = 2;
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    const std::string text(150, 'x');
    for (int i = 0; i < 100; ++i) log.write(LogLevel::Info, text);
    EXPECT_LE(folder.text("svc.log").size(), 1'000U);
    EXPECT_TRUE(std::filesystem::exists(folder / "svc.1.log"));
    EXPECT_TRUE(std::filesystem::exists(folder / "svc.2.log"));
    EXPECT_FALSE(std::filesystem::exists(folder / "svc.3.log"));
}

TEST_F(DiagnosticLogTest, RotationLosesNoRecord) {
    settings.log_max_bytes = 1'000;
    settings.log_files = 50;
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    for (int i = 0; i < 100; ++i) log.write(LogLevel::Info, "record " + std::to_string(i));
    std::size_t records = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
        records += lines_of_text(folder.text(file.path().filename())).size();
    }
    EXPECT_EQ(records, 100U);
}

TEST_F(DiagnosticLogTest, GoesOnInAnExistingFile) {
    {
        DiagnosticLog before;
        ASSERT_TRUE(before.open(*storage, folder / "svc.log", settings));
        before.write(LogLevel::Info, "first run");
    }
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    log.write(LogLevel::Info, "second run");
    EXPECT_EQ(messages(), (std::vector<std::string>{"first run", "second run"}));
}

TEST_F(DiagnosticLogTest, MakesItsFolder) {
    ASSERT_TRUE(log.open(*storage, folder / "deep" / "deeper" / "svc.log", settings));
    log.write(LogLevel::Info, "x");
    EXPECT_NE(folder.text(std::filesystem::path("deep") / "deeper" / "svc.log"), "");
}

TEST_F(DiagnosticLogTest, TakesNonAsciiPathsAndText) {
    const std::filesystem::path name(u8"Dienst Öl.log");
    ASSERT_TRUE(log.open(*storage, folder / name, settings));
    log.write(LogLevel::Info, "grün");
    EXPECT_NE(folder.text(name).find("grün"), std::string::npos);
}

TEST_F(DiagnosticLogTest, AFolderThatCannotBeWrittenIsAnErrorAndNothingBreaks) {
    std::ofstream(folder / "file") << "no folder";
    log.write(LogLevel::Info, "early");
    const auto opened = log.open(*storage, folder / "file" / "svc.log", settings);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::LogUnavailable);
    EXPECT_NE(opened.error().os_code, 0U);
    EXPECT_NE(opened.error().context.find("svc.log"), std::string::npos);
    log.write(LogLevel::Error, "goes nowhere");
}

TEST_F(DiagnosticLogTest, AFolderInTheFilesPlaceIsAnError) {
    std::filesystem::create_directories(folder / "svc.log");
    EXPECT_FALSE(log.open(*storage, folder / "svc.log", settings));
}

TEST_F(DiagnosticLogTest, TellsOfAFailureWithoutALock) {
    fakes::FaultyStorage faulty;
    std::vector<std::string> told;
    DiagnosticLog* failing = nullptr;
    DiagnosticLog own([&](const Error& error) {
        told.push_back(error.context);
        // What the journal does; it would wait for itself here.
        failing->write(LogLevel::Warning, "event");
    });
    failing = &own;
    ASSERT_TRUE(own.open(faulty, folder / "svc.log", settings));
    own.write(LogLevel::Info, "written");
    faulty.fail_appends(fakes::FaultyStorage::kDiskFull);
    for (int i = 0; i < 10; ++i) own.write(LogLevel::Info, "lost");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NE(told[0].find("svc.log"), std::string::npos) << told[0];
}

TEST_F(DiagnosticLogTest, AFailureIsAnEvent) {
    fakes::FaultyStorage faulty;
    fakes::FakeEventLog events;
    Journal journal(events, "svc", "messages.dll");
    ASSERT_TRUE(journal.log().open(faulty, folder / "svc.log", settings));
    faulty.fail_appends(fakes::FaultyStorage::kDiskFull);
    for (int i = 0; i < 10; ++i) journal.note(LogLevel::Info, "lost");
    EXPECT_EQ(events.count(ErrorCode::LogUnavailable), 1U);
    EXPECT_NE(events.text(ErrorCode::LogUnavailable).find("svc.log"), std::string::npos);
}

TEST_F(DiagnosticLogTest, RecordsOfSeveralThreadsAreNotMixed) {
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (int n = 0; n < 100; ++n) log.write(LogLevel::Info, "0123456789\nmore");
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::vector<std::string> expected;
    for (int n = 0; n < 400; ++n) expected.insert(expected.end(), {"0123456789", "  | more"});
    EXPECT_EQ(messages(), expected);
}

}  // namespace
}  // namespace pysvc
