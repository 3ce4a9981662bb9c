// SPDX-License-Identifier: MIT
// What becomes of the diagnostic log when something happens to its file: never does it become a service's.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

constexpr DWORD kRecord = 130;  // of services/logs.py
constexpr DWORD kBurst = 131;
constexpr std::size_t kBurstRecords = 2'000;
constexpr std::uint32_t kLogUnavailable = 0x80002054;

/// Deletes a folder and the file in it that a service has open, so that their names are gone at once, as it is since Windows
/// 10 1809. Wine keeps an open file that a program deletes, and does not tell; a deletion from outside it cannot prevent.
void delete_folder(const fs::path& folder, const fs::path& file) {
    if (!is_wine()) {
        fs::remove(file);
        std::error_code ignored;
        fs::remove_all(folder, ignored);  // the crash log keeps it
        return;
    }
    // Relative to the current folder, whose path Wine translates: no locale has to agree with it.
    std::wstring line = L"rm -rf \"" + folder.filename().wstring() + L'"';
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION process{};
    ASSERT_TRUE(CreateProcessW(L"Z:\\bin\\rm", line.data(), nullptr, nullptr, FALSE, 0, nullptr,
                               folder.parent_path().c_str(), &startup, &process));
    const win::UniqueHandle owners[] = {win::UniqueHandle(process.hProcess), win::UniqueHandle(process.hThread)};
    ASSERT_TRUE(wait_until([&] { return !fs::exists(folder); }));
}

/// A service that writes records when it is told to, with its log in a folder of its own.
class LoggingService {
public:
    LoggingService() : service_("logs.OnDemand") {
        fs::remove_all(folder_);
        service_.set("LogDirectory", text_of(folder_));
    }
    ~LoggingService() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    LoggingService(const LoggingService&) = delete;
    LoggingService& operator=(const LoggingService&) = delete;

    TestService* operator->() { return &service_; }
    TestService& operator*() { return service_; }

    [[nodiscard]] const fs::path& folder() const { return folder_; }
    [[nodiscard]] fs::path file(const std::string& middle = {}) const {
        return folder_ / path_of(service_.name() + middle + ".log");
    }
    [[nodiscard]] ServiceLog log() const { return ServiceLog(file()); }

    /// Has it write a record now and then until the log says this.
    [[nodiscard]] bool says(const std::string& text) {
        return wait_until([&] {
            service_.control(kRecord);
            return log().contains(text);
        });
    }

    /// It runs, and ends as if nothing were wrong.
    void expect_healthy() {
        EXPECT_EQ(service_.state(), static_cast<DWORD>(SERVICE_RUNNING));
        EXPECT_EQ(service_.stop(), kSuccess);
    }

private:
    const fs::path folder_ = work_folder() / L"a log of its own";
    TestService service_;
};

TEST(Log, FolderThatIsMissingIsMade) {
    LoggingService service;
    service->start();
    EXPECT_TRUE(service.says("record 0 "));
    service.expect_healthy();
    EXPECT_TRUE(service.log().events(kLogUnavailable).empty());
}

TEST(Log, FolderThatIsDeletedWhileTheServiceRunsIsMadeAgain) {
    LoggingService service;
    service->start();
    ASSERT_TRUE(service.says("record 0 "));
    delete_folder(service.folder(), service.file());
    EXPECT_TRUE(service.says("was deleted while the service wrote it"));
    EXPECT_TRUE(service.says("record "));
    service.expect_healthy();
    const auto events = service.log().events(kLogUnavailable);
    ASSERT_EQ(events.size(), 1u) << "one event, not one for each record";
    EXPECT_EQ(events[0].type, "warning");
    EXPECT_NE(events[0].text.find(text_of(service.file())), std::string::npos);
    EXPECT_FALSE(service.log().contains("record 0 ")) << "a new file";
}

TEST(Log, FileThatCannotBeWrittenIsTriedAgain) {
    LoggingService service;
    write_file(service.folder(), "a file where the folder should be");
    service->start();
    EXPECT_EQ(service->control(kRecord), 0u);
    fs::remove(service.folder());
    EXPECT_TRUE(service.says("records are lost: '" + text_of(service.file())));
    service.expect_healthy();
}

TEST(Log, FileThatAnotherProgramHasForItselfIsTriedAgain) {
    LoggingService service;
    fs::create_directories(service.folder());
    write_file(service.file(), "kept\n");
    {
        const win::UniqueHandle owner(CreateFileW(service.file().c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr));
        ASSERT_TRUE(owner);
        service->start();
        EXPECT_EQ(service->control(kRecord), 0u);
    }
    EXPECT_TRUE(service.says("records are lost: '" + text_of(service.file())));
    EXPECT_TRUE(read_file(service.file()).starts_with("kept\n"));
    service.expect_healthy();
}

TEST(Log, ReaderThatHoldsTheFileCostsNoRecord) {
    LoggingService service;
    service->set("LogMaxBytes", 65'536);
    service->set("LogFiles", 100);
    service->start();
    ASSERT_TRUE(service.says("record 0 "));
    {
        // As programs open files that think of nobody: it cannot be renamed meanwhile.
        const win::UniqueHandle reader(CreateFileW(service.file().c_str(), GENERIC_READ,
                                                   FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0,
                                                   nullptr));
        ASSERT_TRUE(reader);
        EXPECT_EQ(service->control(kBurst), 0u);
        (void)service->report().wait("burst");
        EXPECT_FALSE(fs::exists(service.file(".1")));
        EXPECT_GT(fs::file_size(service.file()), 2 * 65'536u) << "it goes on in the file it has";
        EXPECT_TRUE(service.log().contains("the log is not rotated"));
    }
    EXPECT_TRUE(wait_until([&] {
        service->control(kRecord);
        return fs::exists(service.file(".1"));
    }));
    service.expect_healthy();

    std::string all = read_file(service.file(".1")) + read_file(service.file());
    std::size_t next = 0;
    for (const std::string& line : complete_lines(all)) {
        if (line.find("] record ") == std::string::npos) continue;
        EXPECT_NE(line.find("] record " + std::to_string(next) + ' '), std::string::npos) << line;
        ++next;
    }
    EXPECT_GT(next, kBurstRecords);
}

TEST(Log, FolderInItsPlaceIsNoReasonNotToRun) {
    LoggingService service;
    fs::create_directories(service.file());
    service->start();
    EXPECT_EQ(service->control(kRecord), 0u);
    service.expect_healthy();
    EXPECT_TRUE(fs::is_empty(service.file()));
}

TEST(Log, OtherNameOfAnotherFileIsNotWritten) {
    LoggingService service;
    fs::create_directories(service.folder());
    const fs::path precious = service.folder() / L"precious.txt";
    write_file(precious, "precious");
    fs::create_hard_link(precious, service.file());
    service->start();
    EXPECT_EQ(service->control(kRecord), 0u);
    service.expect_healthy();
    EXPECT_EQ(read_file(precious), "precious");
}

TEST(Log, StreamOfAnotherFileIsNotWritten) {
    LoggingService service;
    service->set("LogDirectory", text_of(service.folder()) + ":stream");
    service->start();
    EXPECT_EQ(service->control(kRecord), 0u);
    service.expect_healthy();
    EXPECT_FALSE(fs::exists(service.folder()));
}

}  // namespace
}  // namespace pysvc::test
