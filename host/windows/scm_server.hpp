// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/dispatcher.hpp"
#include "host/service/scm_server.hpp"

namespace pysvc::win {

/// The real Service Control Manager.
class WindowsScmServer final : public ScmServer {
public:
    Result<StatusHandle> register_handler(const std::string& service, ControlSink& sink) override;
    Result<void> set_status(StatusHandle handle, const StatusRecord& status) override;
};

/// StartServiceCtrlDispatcherW, once per process. Touches nothing but the SCM before it is connected.
class WindowsDispatcher final : public Dispatcher {
public:
    Result<void> run(const std::vector<std::string>& names, ServiceHost& host) override;
};

}  // namespace pysvc::win
