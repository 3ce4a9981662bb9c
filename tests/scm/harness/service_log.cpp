// SPDX-License-Identifier: MIT
#include "tests/scm/harness/service_log.hpp"

#include "tests/scm/harness/files.hpp"

#include <algorithm>
#include <iterator>

namespace pysvc::test {
namespace {

constexpr std::string_view kContinuation = "  | ";

/// "event 0xC0000004 error: text"
bool parse_event(const std::string& record, LoggedEvent& event) {
    constexpr std::string_view kStart = "event 0x";
    if (!record.starts_with(kStart)) return false;
    const std::size_t type = record.find(' ', kStart.size());
    const std::size_t text = record.find(": ", kStart.size());
    if (type == std::string::npos || text == std::string::npos || text < type) return false;
    event.id = static_cast<std::uint32_t>(std::stoul(record.substr(kStart.size(), type - kStart.size()), nullptr, 16));
    event.type = record.substr(type + 1, text - type - 1);
    event.text = record.substr(text + 2);
    return true;
}

}  // namespace

std::string ServiceLog::text() const { return read_file(file_); }

std::vector<std::string> ServiceLog::records() const {
    std::vector<std::string> found;
    for (const std::string& line : complete_lines(text())) {
        // 2026-01-31T12:00:00.000Z info    [process.thread] text
        const std::size_t end = line.find("] ");
        const std::string record = end == std::string::npos ? line : line.substr(end + 2);
        if (record.starts_with(kContinuation) && !found.empty()) {
            found.back() += '\n' + record.substr(kContinuation.size());
        } else {
            found.push_back(record);
        }
    }
    return found;
}

std::vector<LoggedEvent> ServiceLog::events() const {
    std::vector<LoggedEvent> found;
    for (const std::string& record : records()) {
        if (LoggedEvent event; parse_event(record, event)) found.push_back(std::move(event));
    }
    return found;
}

std::vector<LoggedEvent> ServiceLog::events(std::uint32_t id) const {
    std::vector<LoggedEvent> found;
    std::ranges::copy_if(events(), std::back_inserter(found), [&](const LoggedEvent& event) { return event.id == id; });
    return found;
}

bool ServiceLog::contains(const std::string& text) const {
    return std::ranges::any_of(records(), [&](const std::string& record) { return record.find(text) != record.npos; });
}

}  // namespace pysvc::test
