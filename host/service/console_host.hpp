// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/event_log.hpp"
#include "host/service/scm_server.hpp"
#include "host/service/service_config.hpp"
#include "host/service/terminal.hpp"

#include <functional>

namespace pysvc {

/// The Service Control Manager of debug mode: there is none. States are shown on stderr, there are no handles.
class ConsoleScmServer final : public ScmServer {
public:
    explicit ConsoleScmServer(Output& output) : output_(output) {}
    Result<StatusHandle> register_handler(const std::string& service, ControlSink& sink) override;
    Result<void> set_status(StatusHandle handle, const StatusRecord& status) override;

private:
    Output& output_;
    std::string service_;
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
