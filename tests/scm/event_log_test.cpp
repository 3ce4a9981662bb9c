// SPDX-License-Identifier: MIT
// That events leave the process. Everything else about events is asserted on the diagnostic log.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pysvc::test {
namespace {

/// Inserts of the newest events of a source in the real event log, a line each.
std::string newest_events(const std::string& source) {
    const HANDLE log = OpenEventLogW(nullptr, L"Application");
    if (log == nullptr) return {};
    std::string found;
    std::vector<BYTE> buffer(512 * 1024);
    DWORD size = 0;
    DWORD needed = 0;
    constexpr DWORD kNewestFirst = EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ;
    if (ReadEventLogW(log, kNewestFirst, 0, buffer.data(), static_cast<DWORD>(buffer.size()), &size, &needed)) {
        for (DWORD at = 0; at < size;) {
            const auto* record = reinterpret_cast<const EVENTLOGRECORD*>(buffer.data() + at);
            const auto* name = reinterpret_cast<const wchar_t*>(record + 1);
            const auto* insert = reinterpret_cast<const wchar_t*>(buffer.data() + at + record->StringOffset);
            for (WORD i = 0; win::narrow(name) == source && i < record->NumStrings; ++i) {
                const std::wstring_view text(insert);
                found += win::narrow(text) + '\n';
                insert += text.size() + 1;
            }
            at += record->Length;
        }
    }
    CloseEventLog(log);
    return found;
}

struct Row {
    std::uint32_t id;
    const char* type;
    const char* logged;    ///< in the diagnostic log, which escapes what would break a line
    const char* reported;  ///< in the event log
    const char* traced;    ///< in Wine's trace of ReportEvent, which has a prefix per type and cuts at 300 characters
};

/// What framework.Logging writes.
const Row kRows[] = {
    {0x400000FF, "information", "logged by the test service", "logged by the test service",
     R"(trace:eventlog:ReportEventW L"logged by the test service")"},
    {0x400000FF, "information", "percent: 100%n %1 %2!S! %% %", "percent: 100%n %1 %2!S! %% %",
     R"(trace:eventlog:ReportEventW L"percent: 100%n %1 %2!S! %% %")"},
    {0x400000FF, "warning", R"(nul: before\x00after)", R"(nul: before\x00after)",
     R"(warn:eventlog:ReportEventW L"nul: before\\x00after")"},
    {0xC00000FF, "error", "characters omitted", "end of long", R"(err:eventlog:ReportEventW L"long: beginxxx)"},
    {0x400000FF, "information", R"(surrogate: lone \ud800 here)", "surrogate: lone",
     R"(trace:eventlog:ReportEventW L"surrogate: lone \d800 here")"},
    {0x40001002, "information", "Service empty: has started", "empty:\n\n", R"(trace:eventlog:ReportEventW L"")"},
    {0xF000, "information", "many: insert 120 of 120", "many: insert 120 of 120",
     R"(trace:eventlog:ReportEventW L"many: insert 120 of 120")"},
    {0x8000F000, "warning", "too many: insert 300 of 300", "too many: insert 300 of 300",
     R"(warn:eventlog:ReportEventW L"too many: insert 256 of 300\ntoo many: insert 257 of 300)"},
};

TEST(EventLog, GetsTheEventsOfTheService) {
    TestService service("framework.Logging");
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    for (const Row& row : kRows) {
        const auto is_it = [&](const LoggedEvent& event) {
            return event.type == row.type && event.text.find(row.logged) != std::string::npos;
        };
        EXPECT_EQ(std::ranges::count_if(service.log().events(row.id), is_it), 1) << row.logged;
    }

    if (!is_wine()) {
        const std::string events = newest_events(service.name());
        for (const Row& row : kRows) EXPECT_NE(events.find(row.reported), std::string::npos) << row.reported;
        return;
    }
    // Wine's event log forgets everything, but its trace of a prefix booted with WINEDEBUG=+eventlog shows ReportEvent.
    const std::string trace = environment_variable("PYSVC_WINE_TRACE");
    ASSERT_FALSE(trace.empty()) << "PYSVC_WINE_TRACE must name the file with Wine's trace (scripts/test does it)";
    for (const Row& row : kRows) {
        const auto traced = [&] { return read_file(path_of(trace)).find(row.traced) != std::string::npos; };
        EXPECT_TRUE(wait_until(traced, std::chrono::seconds(10))) << row.traced;
    }
}

}  // namespace
}  // namespace pysvc::test
