// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/event_log.hpp"
#include "host/service/scm_server.hpp"
#include "host/service/service_config.hpp"
#include "host/service/terminal.hpp"

#include <functional>
#include <string>
#include <utility>

namespace pysvc {

/// The Service Control Manager of debug mode: there is none. States are shown on stderr, there are no handles.
class ConsoleScmServer final : public ScmServer {
public:
    /// `on_state` is told of each new state, on the thread that reports it; may be empty.
    explicit ConsoleScmServer(Output& output, std::function<void(State)> on_state = {})
        : output_(output), on_state_(std::move(on_state)) {}
    Result<StatusHandle> register_handler(const std::string& service, ControlSink& sink) override;
    Result<void> set_status(StatusHandle handle, const StatusRecord& status) override;

private:
    Output& output_;
    const std::function<void(State)> on_state_;
    std::string service_;
    State shown_ = State::Stopped;
};

/// The event log of debug mode: events on stdout as pywin32 prints them, "Info 0x40001002 - text", in UTF-8.
class ConsoleEventLog final : public EventLog {
public:
    explicit ConsoleEventLog(Output& output) : output_(output) {}
    Result<void> report(const std::string& source, const Event& event) override;
    Result<void> register_source(const std::string& source, const EventFiles& files) override;
    bool is_source_registered(const std::string& source) override;

private:
    Output& output_;
};

}  // namespace pysvc
