// SPDX-License-Identifier: MIT
// Much at the same time, and for long. The short forms are part of every run; scripts/soak runs the long ones
// (PYSVC_SOAK=long), and docs/soak.md has their figures.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/open_handles.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <psapi.h>
#include <tlhelp32.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <iostream>
#include <optional>
#include <random>
#include <span>
#include <thread>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

bool is_long() { return environment_variable("PYSVC_SOAK") == "long"; }
std::size_t count_for(std::size_t short_form, std::size_t long_form) { return is_long() ? long_form : short_form; }

std::size_t private_kib(DWORD process) {
    const win::UniqueHandle handle(OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, process));
    PROCESS_MEMORY_COUNTERS counters{};
    EXPECT_TRUE(K32GetProcessMemoryInfo(handle.get(), &counters, sizeof counters));
    return counters.PagefileUsage / 1'024;
}

// ---- controls -------------------------------------------------------------------------------------------------------

/// One of several programs that send controls, each with codes of its own, in turn: so their order is seen.
class Client {
public:
    static constexpr DWORD kCodes = 16;

    Client(TestService& service, std::size_t number, std::size_t controls)
        : first_code_(128 + static_cast<DWORD>(number) * kCodes), thread_([this, &service, controls] { send(service, controls); }) {}
    void join() { thread_.join(); }

    [[nodiscard]] const std::vector<BYTE>& sent() const { return sent_; }
    [[nodiscard]] const std::vector<milliseconds>& latencies() const { return latencies_; }
    [[nodiscard]] bool is_own(BYTE code) const { return code >= first_code_ && code < first_code_ + kCodes; }

private:
    void send(TestService& service, std::size_t controls) {
        for (std::size_t i = 0; i < controls; ++i) {
            SERVICE_STATUS status{};
            const DWORD code = first_code_ + static_cast<DWORD>(i) % kCodes;
            const auto began = Clock::now();
            const DWORD error = ControlService(service.handle(), code, &status) ? 0 : GetLastError();
            latencies_.push_back(duration_cast<milliseconds>(Clock::now() - began));
            sent_.push_back(static_cast<BYTE>(code));
            // Refused when the queue is full, if the SCM passes on what a handler answers: Wine's does not.
            EXPECT_TRUE(error == 0 || error == ERROR_NOT_ENOUGH_QUOTA) << error;
            if (i % 4 == 0) {
                EXPECT_TRUE(ControlService(service.handle(), SERVICE_CONTROL_INTERROGATE, &status));
            }
        }
    }

    const DWORD first_code_;
    std::vector<BYTE> sent_;
    std::vector<milliseconds> latencies_;
    std::thread thread_;  // last: it uses the others
};

/// ascii() of a hexadecimal text, as services/load.py reports it.
std::vector<BYTE> bytes_of(const std::string& quoted) {
    std::vector<BYTE> bytes;
    for (std::size_t i = 1; i + 2 < quoted.size(); i += 2) {
        BYTE byte = 0;
        std::from_chars(quoted.data() + i, quoted.data() + i + 2, byte, 16);
        bytes.push_back(byte);
    }
    return bytes;
}

/// How many controls the events say were dropped.
std::size_t dropped_by(const TestService& service) {
    std::size_t sum = 0;
    for (const LoggedEvent& event : service.log().events(0x80002024)) {
        const std::string name = service.name() + ": ";
        const std::size_t at = event.text.find(name) + name.size();
        std::size_t count = 0;
        std::from_chars(event.text.data() + at, event.text.data() + event.text.size(), count);
        sum += count;
    }
    return sum;
}

TEST(Slow, StormOfControlsWhileTheGilIsHeldIsAnsweredAndDeliveredInOrder) {
    constexpr std::size_t kClients = 4;
    constexpr std::size_t kQueue = 65'536;  // records that the process takes
    const std::size_t controls = count_for(2'000, 72'000);
    const auto hold = is_long() ? std::chrono::seconds(60) : std::chrono::seconds(0);

    TestService service("load.HoldsTheGil");
    const std::wstring event_name = L"Global\\PySvcTest-" + std::to_wstring(GetCurrentProcessId());
    const win::UniqueHandle release(CreateEventW(nullptr, TRUE, FALSE, event_name.c_str()));
    ASSERT_TRUE(release);
    service.set_environment({"PYSVC_TEST_EVENT=" + win::narrow(event_name)});
    service.start();
    (void)service.report().wait("holding the GIL");
    const DWORD process = service.process().id();
    const std::size_t before = private_kib(process);

    const auto began = Clock::now();
    std::deque<Client> clients;
    for (std::size_t number = 0; number < kClients; ++number) clients.emplace_back(service, number, controls / kClients);
    for (Client& client : clients) client.join();
    const auto took = Clock::now() - began;
    std::this_thread::sleep_until(began + hold);
    const std::size_t after = private_kib(process);
    EXPECT_FALSE(service.report().has("released the GIL")) << "all of them were answered while no Python code ran";

    EXPECT_TRUE(SetEvent(release.get()));
    (void)service.report().wait("released the GIL");
    std::vector<milliseconds> latencies;
    for (const Client& client : clients) {
        latencies.insert(latencies.end(), client.latencies().begin(), client.latencies().end());
    }
    // The last one, once there is room for it; STOP would overtake those that wait.
    ASSERT_TRUE(wait_until([&] { return service.control(255) == 0; }));
    const std::vector<BYTE> received = bytes_of(service.report().wait("received", milliseconds(5 * kPatience)));
    for (const Client& client : clients) {
        std::vector<BYTE> own;
        std::ranges::copy_if(received, std::back_inserter(own), [&](BYTE code) { return client.is_own(code); });
        ASSERT_LE(own.size(), client.sent().size());
        // Once the queue is full it stays so until the last one was sent: what is kept is what came first.
        EXPECT_TRUE(std::ranges::equal(own, std::span(client.sent()).first(own.size()))) << "lost, twice or out of order";
    }
    // The queue has INTERROGATE too, for the class wants to know of it. One more may be with the control thread.
    const std::size_t kept = received.size() + std::stoul(service.report().wait("interrogations"));
    EXPECT_GE(kept, std::min(controls + controls / 4, kQueue));
    EXPECT_LE(kept, kQueue + 1);
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(received.size() + dropped_by(service), controls) << "each that was refused is in an event";
    EXPECT_LT(after - std::min(before, after), 64u * 1'024) << "KiB more; the queue is bounded";

    std::ranges::sort(latencies);
    std::cout << controls << " controls and " << controls / 4 << " INTERROGATE in "
              << duration_cast<milliseconds>(took).count() << " ms, " << controls - received.size() << " refused; answered in "
              << latencies[latencies.size() / 2].count() << " ms (median), " << latencies.back().count()
              << " ms (longest); private memory " << before << " KiB before, " << after << " KiB after\n";
}

// ---- starts and stops -----------------------------------------------------------------------------------------------

DWORD services_exe() {
    const win::UniqueHandle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
    PROCESSENTRY32W entry{};
    entry.dwSize = sizeof entry;
    for (BOOL more = Process32FirstW(snapshot.get(), &entry); more; more = Process32NextW(snapshot.get(), &entry)) {
        if (_wcsicmp(entry.szExeFile, L"services.exe") == 0) return entry.th32ProcessID;
    }
    ADD_FAILURE() << "there is no services.exe";
    return 0;
}

TEST(Slow, StartsAndStopsLeaveNothing) {
    const std::size_t cycles = count_for(25, 2'000);
    TestService service("light.Light");
    const DWORD scm = services_exe();
    std::size_t handles = 0;
    const auto began = Clock::now();
    for (std::size_t i = 0; i < cycles; ++i) {
        SCOPED_TRACE(i);
        service.start();
        const Process process = service.process();
        ASSERT_EQ(service.stop(), kSuccess);
        ASSERT_EQ(process.wait_for_end(), 0u);
        if (i == 4) handles = open_handles(scm);  // what it opens once is open
    }
    const auto took = duration_cast<milliseconds>(Clock::now() - began);
    EXPECT_TRUE(logged_nothing(service, "error"));
    EXPECT_TRUE(logged_nothing(service, "warning"));
    const std::size_t handles_after = open_handles(scm);
    // In the short form other tests start services meanwhile, each with a few handles there. A leak is one a cycle.
    if (is_long()) {
        EXPECT_LT(handles_after, handles + 100);
    }
    std::cout << cycles << " starts and stops, " << took.count() / static_cast<long long>(cycles)
              << " ms each; handles of services.exe: " << handles << ", then " << handles_after << '\n';
}

TEST(Slow, TwentyFourServicesRunAtOnce) {
    const std::size_t rounds = count_for(1, 10);
    std::deque<TestService> services;
    for (int number = 0; number < 24; ++number) services.emplace_back("light.Light", std::to_string(number));
    for (std::size_t round = 0; round < rounds; ++round) {
        const auto began = Clock::now();
        for (TestService& service : services) ASSERT_EQ(service.try_start(), 0u);
        for (TestService& service : services) service.wait_for(SERVICE_RUNNING);
        const auto running = duration_cast<milliseconds>(Clock::now() - began);
        for (TestService& service : services) EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_RUNNING));
        for (TestService& service : services) EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), 0u);
        for (TestService& service : services) EXPECT_EQ(service.wait_for_stopped(), kSuccess);
        std::cout << "24 services run after " << running.count() << " ms, are stopped after "
                  << duration_cast<milliseconds>(Clock::now() - began).count() << " ms\n";
    }
    for (TestService& service : services) EXPECT_TRUE(logged_nothing(service, "error"));
}

// ---- the log --------------------------------------------------------------------------------------------------------

/// The lines of a log and of what it was rotated to, oldest first.
std::vector<std::string> all_lines(const fs::path& folder, const std::string& name) {
    // Not by counting up: a kill within a rotation leaves a gap.
    std::size_t oldest = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string file = text_of(entry.path().filename());
        std::size_t number = 0;
        if (file.starts_with(name + '.')) {
            std::from_chars(file.data() + name.size() + 1, file.data() + file.size(), number);
        }
        oldest = std::max(oldest, number);
    }
    std::vector<std::string> lines;
    for (std::size_t number = oldest + 1; number-- > 0;) {
        const std::string middle = number == 0 ? "" : '.' + std::to_string(number);
        std::string text = read_file(folder / path_of(name + middle + ".log"));
        if (!text.empty() && text.back() != '\n') text += '\n';  // what a kill left
        for (std::string& line : complete_lines(text)) lines.push_back(std::move(line));
    }
    return lines;
}

/// "thread A record B", which services/logs.py prints; nothing for other records.
struct Numbers {
    std::size_t thread = 0;
    std::size_t record = 0;
};
std::optional<Numbers> numbers_of(const std::string& line) {
    constexpr std::string_view kThread = "] thread ";
    constexpr std::string_view kRecord = " record ";
    const std::size_t thread = line.find(kThread);
    const std::size_t record = line.find(kRecord, thread);
    if (thread == std::string::npos || record == std::string::npos) return std::nullopt;
    Numbers numbers;
    const char* end = line.data() + line.size();
    std::from_chars(line.data() + thread + kThread.size(), end, numbers.thread);
    if (std::from_chars(line.data() + record + kRecord.size(), end, numbers.record).ptr != end) return std::nullopt;
    return numbers;
}

constexpr std::size_t kThreads = 8;

/// A service that fills its log, which is in a folder of its own and rotated often.
struct FillsItsLog {
    FillsItsLog() {
        fs::remove_all(folder);
        service.set("LogDirectory", text_of(folder));
        service.set("LogMaxBytes", 65'536);
        service.set("LogFiles", 1'000);
    }
    ~FillsItsLog() {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    FillsItsLog(const FillsItsLog&) = delete;
    FillsItsLog& operator=(const FillsItsLog&) = delete;

    const fs::path folder = work_folder() / L"log under load";
    TestService service{"logs.Threads"};
};

TEST(Slow, RecordsOfEightPythonThreadsAreAllThere) {
    FillsItsLog log;
    TestService& service = log.service;
    const std::size_t records = count_for(8'000, 1'000'000);
    if (is_long()) service.set("LogMaxBytes", 1'048'576);
    service.set_environment({"PYSVC_TEST_RECORDS=" + std::to_string(records)});
    const auto began = Clock::now();
    service.start();
    (void)service.report().wait("written", milliseconds(20 * kPatience));
    const auto took = duration_cast<milliseconds>(Clock::now() - began);
    EXPECT_EQ(service.stop(), kSuccess);

    std::array<std::size_t, kThreads> next{};
    for (const std::string& line : all_lines(log.folder, service.name())) {
        const auto numbers = numbers_of(line);
        if (!numbers) {
            EXPECT_EQ(line.find("thread "), std::string::npos) << "torn: " << line;
            continue;
        }
        ASSERT_EQ(numbers->record, next.at(numbers->thread)) << "lost, twice or out of order: " << line;
        ++next.at(numbers->thread);
    }
    for (const std::size_t count : next) EXPECT_EQ(count, records / kThreads);
    EXPECT_TRUE(fs::exists(log.folder / path_of(service.name() + ".5.log"))) << "it was not rotated";
    std::cout << records << " records, " << records * 1'000 / static_cast<std::size_t>(std::max<long long>(took.count(), 1))
              << " a second with the start of the service\n";
}

TEST(Slow, KillsWithinRotationTearNothingAndTheNextStartGoesOn) {
    const std::size_t kills = count_for(5, 100);
    FillsItsLog log;
    TestService& service = log.service;
    service.set_environment({"PYSVC_TEST_RECORDS=100000000"});
    std::mt19937 random(1);
    for (std::size_t i = 0; i < kills; ++i) {
        // Until the SCM has seen the end of the process before, it answers that the service runs.
        ASSERT_TRUE(wait_until([&] { return service.try_start() == 0; }));
        service.wait_for(SERVICE_RUNNING);
        const Process process = service.process();
        std::this_thread::sleep_for(milliseconds(50 + random() % 100));
        const win::UniqueHandle handle(OpenProcess(PROCESS_TERMINATE, FALSE, process.id()));
        ASSERT_TRUE(TerminateProcess(handle.get(), 1));
        process.wait_for_end();
    }
    service.set_environment({"PYSVC_TEST_RECORDS=0"});
    ASSERT_TRUE(wait_until([&] { return service.try_start() == 0; }));
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.stop(), kSuccess);

    // Each thread counts from 0 in each start, and goes on by one until the kill.
    std::array<std::size_t, kThreads> next{};
    std::size_t starts = 0;
    std::size_t torn = 0;
    for (const std::string& line : all_lines(log.folder, service.name())) {
        if (line.find(" starts '") != std::string::npos) {
            ++starts;
            next = {};
            continue;
        }
        const auto numbers = numbers_of(line);
        if (!numbers) {
            if (line.find("thread ") != std::string::npos) ++torn;
            continue;
        }
        ASSERT_EQ(numbers->record, next.at(numbers->thread)) << "lost, twice or out of order: " << line;
        ++next.at(numbers->thread);
    }
    EXPECT_EQ(starts, kills + 1);
    EXPECT_LE(torn, kills) << "the last record of a process is the only one that may be there in part";
    std::cout << kills << " kills, " << torn << " records in part\n";
}

}  // namespace
}  // namespace pysvc::test
