// SPDX-License-Identifier: MIT
#include "host/service/journal.hpp"

#include "host/base/message_text.hpp"
#include "host/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pysvc {
namespace {

/// ReportEvent takes 31,839 UTF-16 units an insert and about 64 KB a record (scm-and-wine 2).
constexpr std::size_t kMaxInsertUnits = 30'000;

/// ReportEvent's RPC takes no more strings (MS-EVEN, ElfrReportEventW: MAX_STRINGS).
constexpr std::size_t kMaxInserts = 256;

/// Surplus inserts become lines of the last one: nothing is lost, and no message text could show them anyway.
void join_surplus(std::vector<std::string>& inserts) {
    for (std::size_t i = kMaxInserts; i < inserts.size(); ++i) inserts[kMaxInserts - 1] += '\n' + inserts[i];
    if (inserts.size() > kMaxInserts) inserts.resize(kMaxInserts);
}

/// A source is one key below the log's (MSDN, Event Sources). The empty name would be the log itself.
bool is_source_name(const std::string& name) { return !name.empty() && name.find('\\') == std::string::npos; }

std::string without_nul(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '\0') {
            out += "\\x00";
        } else {
            out += c;
        }
    }
    return out;
}

/// The most units an insert may have so that all of them fit into one record: the short ones are whole, the long ones
/// share the rest.
std::size_t longest_insert(const std::vector<std::string>& inserts) {
    std::vector<std::size_t> lengths;
    for (const std::string& insert : inserts) lengths.push_back(utf16_length(insert));
    std::ranges::sort(lengths);
    std::size_t room = kMaxInsertUnits;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const std::size_t share = room / (lengths.size() - i);
        if (lengths[i] > share) return share;
        room -= lengths[i];
    }
    return kMaxInsertUnits;
}

LogLevel level_of(EventType type) {
    switch (type) {
        case EventType::Error:
        case EventType::AuditFailure: return LogLevel::Error;
        case EventType::Warning: return LogLevel::Warning;
        case EventType::Information:
        case EventType::AuditSuccess: return LogLevel::Info;
    }
    return LogLevel::Info;
}

const char* name_of(EventType type) {
    switch (type) {
        case EventType::Error: return "error";
        case EventType::Warning: return "warning";
        case EventType::Information: return "information";
        case EventType::AuditSuccess: return "audit success";
        case EventType::AuditFailure: return "audit failure";
    }
    return "of unknown type";
}

/// The two top bits of a message id are its severity; the event type agrees with them.
EventType type_of(std::uint32_t id) {
    switch (id >> 30) {
        case 3: return EventType::Error;
        case 2: return EventType::Warning;
        default: return EventType::Information;
    }
}

}  // namespace

Journal::Journal(EventLog& events, std::string source, std::string message_file)
    : events_(events),
      own_message_file_(std::move(message_file)),
      log_([this](const Error& error) { report(error); }),
      source_(std::move(source)),
      message_file_(own_message_file_) {}

std::uint32_t Journal::report(Event event) {
    join_surplus(event.inserts);
    for (std::string& insert : event.inserts) insert = without_nul(insert);
    const std::size_t limit = longest_insert(event.inserts);
    for (std::string& insert : event.inserts) insert = cut_in_the_middle(insert, limit);

    std::string source;
    bool check_registration = false;
    {
        const std::lock_guard lock(mutex_);
        source = source_;
        check_registration = !std::exchange(registration_checked_, true);
    }
    // An existing registration is left alone: it is install's, or the user's own.
    if (check_registration && !events_.is_source_registered(source)) register_source();

    // The log first: the event log is another process, which may hang.
    log_.write(level_of(event.type), fmt::format("event 0x{:08X} {}: {}", event.id, name_of(event.type),
                                                 expand_message(event.id, event.inserts)));
    const auto written = events_.report(source, event);
    if (!written) {
        log_.write(LogLevel::Warning, "the event above is not in the event log: " + describe(written.error()));
        return written.error().os_code;
    }
    return win32::kNoError;
}

void Journal::report(const Error& error) {
    const ErrorInfo& info = error_info(error.code);
    if (info.event_id == 0) {
        note(LogLevel::Info, describe(error));
        return;
    }
    // Names, paths and exception texts in it may hold what moves text about in whatever shows the event.
    report(Event{type_of(info.event_id), info.event_id, {escaped_lines(describe(error))}, info.category});
}

void Journal::set_source(const std::string& name) {
    const std::lock_guard lock(mutex_);
    source_ = name;
    registration_checked_ = false;
}

void Journal::set_message_file(const std::string& path) {
    const std::lock_guard lock(mutex_);
    message_file_ = path;
}

std::string Journal::message_file() const {
    const std::lock_guard lock(mutex_);
    return message_file_;
}

void Journal::register_source() {
    std::string source;
    EventFiles files;
    {
        const std::lock_guard lock(mutex_);
        source = source_;
        files = {message_file_, own_message_file_};
        registration_checked_ = true;
    }
    if (!is_source_name(source))
        return log_.write(LogLevel::Warning, fmt::format("'{}' cannot be an event source", source));
    if (const auto done = events_.register_source(source, files); !done) {
        log_.write(LogLevel::Debug, "event source not registered: " + describe(done.error()));
    }
}

}  // namespace pysvc
