// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/control.hpp"
#include "host/service/status.hpp"

#include <cstdint>
#include <string>

namespace pysvc {

/// SERVICE_STATUS_HANDLE as a number. 0 stands for "none", which is what debug mode has.
using StatusHandle = std::uint64_t;

/// Port: what a service says to the Service Control Manager. Real: windows/; debug: a console; tests: a strict fake.
class ScmServer {
public:
    virtual ~ScmServer() = default;

    /// RegisterServiceCtrlHandlerExW; replaces the sink of the same name. `sink` must outlive the process's connection to the SCM. ServiceMain thread.
    virtual Result<StatusHandle> register_handler(const std::string& service, ControlSink& sink) = 0;

    /// SetServiceStatus. Any thread, never under the GIL. The caller keeps the order of calls (StatusPublisher).
    virtual Result<void> set_status(StatusHandle handle, const StatusRecord& status) = 0;
};

}  // namespace pysvc
