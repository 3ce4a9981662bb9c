// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "host/service/diagnostic_log.hpp"
#include "host/service/event_log.hpp"
#include "host/service/status.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

/// Everything the host says about a service process: events and diagnostic records. An event goes to the event log and,
/// formatted, to the diagnostic log ("event 0xC0000004 error: text"); what the event log refuses is at least there. Any
/// thread, never under the GIL, never from a control handler.
class Journal {
public:
    Journal(EventLog& events, std::string source, std::string message_file);

    DiagnosticLog& log() { return log_; }

    /// Writes an event. Inserts are joined and cut so that ReportEvent takes them (256 of them, 31,839 UTF-16 units
    /// each, 30,000 in all) and NULs, which would end them, are shown as \x00. Returns 0 or the Win32 code of the event
    /// log.
    std::uint32_t report(Event event);

    /// Writes the event of an error, with its full description as the insert. Errors without an event id go to the
    /// diagnostic log only.
    void report(const Error& error);

    void note(LogLevel level, std::string_view text) { log_.write(level, text); }

    /// servicemanager.SetEventSourceName and Initialize: process-wide, as in pywin32.
    void set_source(const std::string& name);
    void set_message_file(const std::string& path);
    [[nodiscard]] std::string message_file() const;
    /// Writes the registration now; a missing right is ignored, as pywin32 does (B22: install has done it).
    void register_source();

private:
    EventLog& events_;
    const std::string own_message_file_;
    DiagnosticLog log_;
    mutable std::mutex mutex_;
    std::string source_;
    std::string message_file_;
    bool registration_checked_ = false;
};

}  // namespace pysvc
