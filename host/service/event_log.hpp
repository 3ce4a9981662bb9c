// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "host/base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pysvc {

/// wType of ReportEvent.
enum class EventType : std::uint16_t { Error = 1, Warning = 2, Information = 4, AuditSuccess = 8, AuditFailure = 16 };

/// TypesSupported of an event source: error, warning and information.
inline constexpr std::uint32_t kEventTypesSupported = 7;

/// One event before it is written.
struct Event {
    EventType type = EventType::Information;
    std::uint32_t id = 0;
    std::vector<std::string> inserts;
    EventCategory category = EventCategory::None;
};

/// Where a viewer finds the texts of a source's events.
struct EventFiles {
    std::string messages;    ///< The host's message table, or the script's own (servicemanager.Initialize).
    std::string categories;  ///< Always the host's: only its own events have categories.

    friend bool operator==(const EventFiles&, const EventFiles&) = default;
};

/// Port: the Application event log. Never called from a control handler, never under the GIL: ReportEvent is an RPC.
class EventLog {
public:
    virtual ~EventLog() = default;

    /// ReportEventW under `source`, which need not be registered.
    virtual Result<void> report(const std::string& source, const Event& event) = 0;

    /// Writes the values of `source` below Services\EventLog\Application.
    virtual Result<void> register_source(const std::string& source, const EventFiles& files) = 0;

    /// True when that key exists: an existing registration is never overwritten by a running service.
    virtual bool is_source_registered(const std::string& source) = 0;
};

}  // namespace pysvc
