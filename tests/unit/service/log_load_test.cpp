// SPDX-License-Identifier: MIT
// The log under load, and when its process is killed. scripts/soak runs the long form: PYSVC_SOAK=long.
#include "host/service/diagnostic_log.hpp"

#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#endif

namespace pysvc {
namespace {

std::size_t count_for(std::size_t short_form, std::size_t long_form) {
    const char* form = std::getenv("PYSVC_SOAK");
    return form != nullptr && std::string_view(form) == "long" ? long_form : short_form;
}

/// The lines of a log and of what it was rotated to, oldest first, without their line ends.
std::vector<std::string> all_lines(const TemporaryFolder& folder) {
    // Not by counting up: a kill within a rotation leaves a gap.
    std::size_t oldest = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        const std::string name = entry.path().filename().string();
        std::size_t number = 0;
        std::from_chars(name.data() + name.find('.') + 1, name.data() + name.size(), number);
        oldest = std::max(oldest, number);
    }
    std::vector<std::string> lines;
    for (std::size_t number = oldest + 1; number-- > 0;) {
        const std::string text = folder.text(number == 0 ? "svc.log" : "svc." + std::to_string(number) + ".log");
        std::size_t begin = 0;
        for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
            lines.push_back(text.substr(begin, end - begin));
        }
        // A file that was not finished: what a kill left.
        if (begin != text.size()) lines.push_back(text.substr(begin));
    }
    return lines;
}

/// The numbers of "... ] writer A record B."; the full stop shows that the record is whole.
struct Numbers {
    std::size_t writer = 0;
    std::size_t record = 0;
};
std::optional<Numbers> numbers_of(std::string_view line) {
    constexpr std::string_view kWriter = "] writer ";
    constexpr std::string_view kRecord = " record ";
    const std::size_t writer = line.find(kWriter);
    const std::size_t record = line.find(kRecord, writer);
    if (writer == std::string_view::npos || record == std::string_view::npos || !line.ends_with('.')) return std::nullopt;
    Numbers numbers;
    const auto parse = [&](std::size_t at, std::size_t& number) {
        return std::from_chars(line.data() + at, line.data() + line.size(), number).ec == std::errc();
    };
    if (!parse(writer + kWriter.size(), numbers.writer) || !parse(record + kRecord.size(), numbers.record)) return std::nullopt;
    return numbers;
}

void write_record(DiagnosticLog& log, std::size_t writer, std::size_t record) {
    log.write(LogLevel::Info, "writer " + std::to_string(writer) + " record " + std::to_string(record) + '.');
}

TEST(LogLoad, EightThreadsLoseAndTearNothingInRotation) {
    constexpr std::size_t kThreads = 8;
    const std::size_t each = count_for(50'000, 1'000'000) / kThreads;
    const TemporaryFolder folder;
    const auto storage = make_log_storage();
    Settings settings;
    settings.log_max_bytes = static_cast<std::uint32_t>(each * kThreads);  // about 80 rotations
    settings.log_files = 1'000;
    DiagnosticLog log;
    ASSERT_TRUE(log.open(*storage, folder / "svc.log", settings));

    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&log, thread, each] {
            for (std::size_t record = 0; record < each; ++record) write_record(log, thread, record);
        });
    }
    for (std::thread& thread : threads) thread.join();
    const auto took = std::chrono::steady_clock::now() - began;

    std::array<std::size_t, kThreads> next{};
    for (const std::string& line : all_lines(folder)) {
        const auto numbers = numbers_of(line);
        ASSERT_TRUE(numbers) << "torn: " << line;
        ASSERT_EQ(numbers->record, next.at(numbers->writer)) << "lost, twice or out of order: " << line;
        ++next.at(numbers->writer);
    }
    for (const std::size_t count : next) EXPECT_EQ(count, each);
    EXPECT_TRUE(std::filesystem::exists(folder / "svc.50.log")) << "it was not rotated";
    std::cout << each * kThreads << " records, "
              << static_cast<std::size_t>(static_cast<double>(each * kThreads) / std::chrono::duration<double>(took).count())
              << " a second\n";
}

#ifndef _WIN32

/// A process that writes records as fast as it can, and after each one its number into a pipe.
class WriterProcess {
public:
    WriterProcess(const TemporaryFolder& folder, std::size_t writer) {
        EXPECT_EQ(::pipe(pipe_.data()), 0);
        pid_ = ::fork();
        if (pid_ != 0) {
            ::close(pipe_[1]);
            return;
        }
        const auto storage = make_log_storage();
        Settings settings;
        settings.log_max_bytes = 2'000;  // about 30 records
        settings.log_files = 100'000;
        DiagnosticLog log;
        if (!log.open(*storage, folder / "svc.log", settings)) ::_exit(1);
        for (std::size_t record = 0;; ++record) {
            write_record(log, writer, record);
            if (::write(pipe_[1], &record, sizeof record) != sizeof record) ::_exit(1);
        }
    }
    WriterProcess(const WriterProcess&) = delete;
    WriterProcess& operator=(const WriterProcess&) = delete;
    ~WriterProcess() { ::close(pipe_[0]); }

    /// Kills it when it has written so many records, and a random while later. Returns how many it knew to be written.
    std::size_t kill_after(std::size_t records, std::chrono::microseconds later) {
        std::size_t last = 0;
        while (last < records && next(last)) {
        }
        std::this_thread::sleep_for(later);
        ::kill(pid_, SIGKILL);
        while (next(last)) {
        }
        int status = 0;
        EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
        EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
        return last + 1;
    }

private:
    bool next(std::size_t& record) const { return ::read(pipe_[0], &record, sizeof record) == sizeof record; }

    std::array<int, 2> pipe_{};
    pid_t pid_ = 0;
};

TEST(LogLoad, AKillInRotationCostsTheLastRecordAtMost) {
    const std::size_t kills = count_for(20, 200);
    const TemporaryFolder folder;
    std::mt19937 random(1);
    std::vector<std::size_t> known;
    for (std::size_t writer = 0; writer < kills; ++writer) {
        WriterProcess process(folder, writer);
        known.push_back(process.kill_after(random() % 100 + 1, std::chrono::microseconds(random() % 500)));
    }

    std::vector<std::size_t> found(kills);
    std::size_t torn = 0;
    for (const std::string& line : all_lines(folder)) {
        const auto numbers = numbers_of(line);
        if (!numbers) {
            ++torn;  // each writer may have been within one
            continue;
        }
        ASSERT_EQ(numbers->record, found.at(numbers->writer)) << "lost, twice or out of order: " << line;
        ++found.at(numbers->writer);
    }
    for (std::size_t writer = 0; writer < kills; ++writer) {
        EXPECT_GE(found[writer], known[writer]) << "lost by writer " << writer;
        EXPECT_LE(found[writer], known[writer] + 1) << writer;
    }
    EXPECT_LE(torn, kills);
    std::cout << kills << " kills, " << torn << " records in part\n";
}

#endif

}  // namespace
}  // namespace pysvc
