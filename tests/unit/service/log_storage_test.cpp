// SPDX-License-Identifier: MIT
// The real files of a log, on this system.
#include "host/service/log_storage.hpp"

#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#ifndef _WIN32
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#endif

namespace pysvc {
namespace {

using Place = LogFile::Place;

class LogStorageTest : public testing::Test {
protected:
    [[nodiscard]] std::unique_ptr<LogFile> open(const std::filesystem::path& path) const {
        auto opened = storage->open(path);
        if (opened) return std::move(*opened);
        ADD_FAILURE() << describe(opened.error());
        return nullptr;
    }
    /// Why it is not opened; empty when it is.
    [[nodiscard]] std::string refusal(const std::filesystem::path& path) const {
        const auto opened = storage->open(path);
        if (opened) return {};
        EXPECT_EQ(opened.error().code, ErrorCode::LogUnavailable);
        EXPECT_NE(opened.error().context.find(path.filename().string()), std::string::npos) << "names the path";
        return opened.error().context;
    }

    TemporaryFolder folder;
    const std::unique_ptr<LogStorage> storage = make_log_storage();
};

TEST_F(LogStorageTest, AppendsWhereverTheEndIs) {
    const auto one = open(folder / "svc.log");
    const auto other = open(folder / "svc.log");
    EXPECT_EQ(one->append("one\n").bytes, 4U);
    EXPECT_EQ(other->append("other\n").bytes, 6U);
    EXPECT_EQ(one->append("one\n").bytes, 4U);
    EXPECT_EQ(folder.text("svc.log"), "one\nother\none\n");
    EXPECT_EQ(one->size(), 14U);
    EXPECT_EQ(other->size(), 14U);
}

TEST_F(LogStorageTest, GoesOnInAFileThatIsThere) {
    std::ofstream(folder / "svc.log", std::ios::binary) << "there\n";
    EXPECT_EQ(open(folder / "svc.log")->append("more\n").bytes, 5U);
    EXPECT_EQ(folder.text("svc.log"), "there\nmore\n");
}

TEST_F(LogStorageTest, KnowsWhereItsFileIs) {
    const auto file = open(folder / "svc.log");
    EXPECT_EQ(file->place(folder / "svc.log"), Place::Here);
    ASSERT_TRUE(storage->rename(folder / "svc.log", folder / "svc.1.log")) << "an open file can be renamed";
    EXPECT_EQ(file->place(folder / "svc.log"), Place::Elsewhere);
    const auto another = open(folder / "svc.log");
    EXPECT_EQ(file->place(folder / "svc.log"), Place::Elsewhere);
    EXPECT_EQ(another->place(folder / "svc.log"), Place::Here);
}

#ifndef _WIN32
// For Windows the tests of services have it: Wine keeps a file that is deleted while it is open, and does not tell.
TEST_F(LogStorageTest, KnowsThatItsFileWasDeleted) {
    const auto file = open(folder / "svc.log");
    ASSERT_TRUE(storage->remove(folder / "svc.log"));
    EXPECT_EQ(file->place(folder / "svc.log"), Place::Nowhere);
}
#endif

TEST_F(LogStorageTest, RenamingReplacesNothing) {
    std::ofstream(folder / "from") << "from";
    std::ofstream(folder / "to") << "to";
    EXPECT_FALSE(storage->rename(folder / "from", folder / "to"));
    EXPECT_EQ(folder.text("to"), "to");
    EXPECT_FALSE(storage->rename(folder / "missing", folder / "other"));
    EXPECT_FALSE(storage->remove(folder / "missing"));
    EXPECT_TRUE(storage->exists(folder / "to"));
    EXPECT_FALSE(storage->exists(folder / "missing"));
}

TEST_F(LogStorageTest, SeesALineThatWasNotFinished) {
    const auto ends_within_line = [&](const std::string& content) {
        std::ofstream(folder / "svc.log", std::ios::binary) << content;
        return storage->ends_within_line(folder / "svc.log");
    };
    EXPECT_FALSE(ends_within_line(""));
    EXPECT_FALSE(ends_within_line("whole\n"));
    EXPECT_TRUE(ends_within_line("whole\nhal"));
    EXPECT_FALSE(storage->ends_within_line(folder / "missing"));
}

TEST_F(LogStorageTest, RefusesAFolder) {
    std::filesystem::create_directories(folder / "svc.log");
    EXPECT_NE(refusal(folder / "svc.log"), "");
}

TEST_F(LogStorageTest, RefusesAFileWithAnotherName) {
    std::ofstream(folder / "precious.txt") << "precious";
    std::filesystem::create_hard_link(folder / "precious.txt", folder / "svc.log");
    EXPECT_NE(refusal(folder / "svc.log").find("hard link"), std::string::npos);
    std::filesystem::remove(folder / "precious.txt");
    EXPECT_EQ(refusal(folder / "svc.log"), "") << "its only name now";
}

#ifdef _WIN32
TEST_F(LogStorageTest, RefusesDevicesAndStreams) {
    // With its extension a device too, up to Windows 10: the bare name is one everywhere.
    EXPECT_NE(refusal(folder / "NUL").find("is a device"), std::string::npos);
    EXPECT_NE(refusal(folder / "file.txt:svc.log").find("alternate data stream"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder / "file.txt"));
}
#else
TEST_F(LogStorageTest, RefusesLinksAndDevices) {
    std::ofstream(folder / "precious.txt") << "precious";
    std::filesystem::create_symlink(folder / "precious.txt", folder / "svc.log");
    EXPECT_NE(refusal(folder / "svc.log").find("is a link"), std::string::npos);
    EXPECT_NE(refusal("/dev/full").find("is a device"), std::string::npos);
    ASSERT_EQ(::mkfifo((folder / "pipe.log").c_str(), 0600), 0);
    EXPECT_NE(refusal(folder / "pipe.log"), "") << "and it waited for no reader";
}

/// Files cannot grow beyond so many bytes: the one way to have a write fail half-way that needs no right.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
    rlimit before_{};
};

TEST_F(LogStorageTest, SaysHowMuchWasWrittenWhenThereIsNoRoom) {
    const auto file = open(folder / "svc.log");
    LogFile::Appended appended;
    {
        const FileSizeLimit limit(10);
        appended = file->append("0123456789abc\n");
    }
    EXPECT_EQ(appended.bytes, 10U);
    EXPECT_EQ(appended.os_code, static_cast<std::uint32_t>(EFBIG));
    EXPECT_EQ(folder.text("svc.log"), "0123456789");
}
#endif

}  // namespace
}  // namespace pysvc
