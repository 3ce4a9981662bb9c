// SPDX-License-Identifier: MIT
// That events leave the process. Everything else about events is asserted on the diagnostic log.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

/// Inserts of the newest events of a source in the real event log.
std::string newest_events(const std::string& source) {
    const HANDLE log = OpenEventLogW(nullptr, L"Application");
    if (log == nullptr) return {};
    std::string found;
    std::vector<BYTE> buffer(256 * 1024);
    DWORD size = 0;
    DWORD needed = 0;
    constexpr DWORD kNewestFirst = EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ;
    if (ReadEventLogW(log, kNewestFirst, 0, buffer.data(), static_cast<DWORD>(buffer.size()), &size, &needed)) {
        for (DWORD at = 0; at < size;) {
            const auto* record = reinterpret_cast<const EVENTLOGRECORD*>(buffer.data() + at);
            const auto* name = reinterpret_cast<const wchar_t*>(record + 1);
            if (record->NumStrings != 0 && win::narrow(name) == source) {
                found += win::narrow(reinterpret_cast<const wchar_t*>(buffer.data() + at + record->StringOffset)) + '\n';
            }
            at += record->Length;
        }
    }
    CloseEventLog(log);
    return found;
}

TEST(EventLog, GetsTheEventsOfTheService) {
    TestService service("framework.Logging");
    service.start();
    EXPECT_TRUE(logged(service, 0x400000FF, "information", "logged by the test service"));
    EXPECT_EQ(service.stop(), kSuccess);

    if (!is_wine()) {
        EXPECT_NE(newest_events(service.name()).find("logged by the test service"), std::string::npos);
        return;
    }
    // Wine's event log forgets everything, but its trace of a prefix booted with WINEDEBUG=+eventlog shows ReportEvent.
    const std::string trace = environment_variable("PYSVC_WINE_TRACE");
    ASSERT_FALSE(trace.empty()) << "PYSVC_WINE_TRACE must name the file with Wine's trace (scripts/test does it)";
    const auto traced = [&] {
        const std::string text = read_file(path_of(trace));
        return text.find("ReportEventW") != text.npos && text.find("logged by the test service") != text.npos;
    };
    EXPECT_TRUE(wait_until(traced, std::chrono::seconds(10)));
}

}  // namespace
}  // namespace pysvc::test
