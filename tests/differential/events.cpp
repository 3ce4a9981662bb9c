// SPDX-License-Identifier: MIT
#include "tests/differential/events.hpp"

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace pysvc::test {
namespace {

constexpr std::string_view kCall = "Call advapi32.ReportEventW(";
constexpr std::size_t kThreadWidth = 9;
constexpr std::string_view kInsert = ":eventlog:ReportEventW ";

/// The arguments of `0130:0134:Call advapi32.ReportEventW(log,type,category,id,...`.
ReportedEvent event_of(const std::string& arguments) {
    ReportedEvent event;
    std::array<unsigned long long, 4> values{};
    const int read = std::sscanf(arguments.c_str(), "%llx,%llx,%llx,%llx", &values[0], &values[1], &values[2], &values[3]);
    EXPECT_EQ(read, 4) << arguments;
    // WORDs: the upper half of the register is whatever was there.
    event.type = static_cast<std::uint32_t>(values[1] & 0xFFFF);
    event.category = static_cast<std::uint32_t>(values[2] & 0xFFFF);
    event.id = static_cast<std::uint32_t>(values[3]);
    return event;
}

std::string trace() {
    if (!is_wine()) return {};
    const std::string file = environment_variable("PYSVC_WINE_TRACE");
    EXPECT_FALSE(file.empty()) << "PYSVC_WINE_TRACE must name the file with Wine's trace (scripts/test does it)";
    return read_file(path_of(file));
}

}  // namespace

std::size_t end_of_trace() { return trace().size(); }

std::vector<ReportedEvent> reported_events(std::size_t begin) {
    std::vector<ReportedEvent> events;
    std::map<std::string, std::size_t> last_of_thread;
    const std::string text = trace();
    for (const std::string& line : complete_lines(text.substr(std::min(begin, text.size())))) {
        // 0130:0134: are process and thread.
        const std::string thread = line.substr(0, kThreadWidth);
        if (const auto call = line.find(kCall); call != line.npos) {
            last_of_thread[thread] = events.size();
            events.push_back(event_of(line.substr(call + kCall.size())));
        } else if (const auto insert = line.find(kInsert); insert != line.npos && last_of_thread.contains(thread)) {
            events[last_of_thread[thread]].inserts.push_back(line.substr(insert + kInsert.size()));
        }
    }
    return events;
}

}  // namespace pysvc::test
