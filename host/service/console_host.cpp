// SPDX-License-Identifier: MIT
#include "host/service/console_host.hpp"

#include "host/base/message_text.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

std::string_view name_of(EventType type) {
    switch (type) {
        case EventType::Error: return "Error";
        case EventType::Warning: return "Warning";
        case EventType::AuditSuccess: return "Success Audit";
        case EventType::AuditFailure: return "Failure Audit";
        case EventType::Information: break;
    }
    return "Info";
}

}  // namespace

Result<StatusHandle> ConsoleScmServer::register_handler(const std::string& service, ControlSink&) {
    service_ = service;
    return StatusHandle{0};
}

Result<void> ConsoleScmServer::set_status(StatusHandle, const StatusRecord& status) {
    // Checkpoints, and other controls accepted, are news of a state that was shown already.
    if (status.state == shown_) return {};
    shown_ = status.state;
    std::string line = fmt::format("{}: {}", service_, pysvc::name_of(status.state));
    if (status.exit.process_code() != 0) line += fmt::format(", exit code {}", status.exit.process_code());
    output_.write(Stream::Err, line + "\n");
    if (on_state_) on_state_(status.state);
    return {};
}

Result<void> ConsoleEventLog::report(const std::string&, const Event& event) {
    output_.write(Stream::Out, fmt::format("{} 0x{:X} - {}\n", name_of(event.type), event.id,
                                           expand_message(event.id, event.inserts)));
    return {};
}

Result<void> ConsoleEventLog::register_source(const std::string&, const EventFiles&) { return {}; }

bool ConsoleEventLog::is_source_registered(const std::string&) { return true; }

}  // namespace pysvc
