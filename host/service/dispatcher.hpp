// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <string>
#include <vector>

namespace pysvc {

class ServiceHost;

/// Port: StartServiceCtrlDispatcherW. Blocks until every service of the process has stopped; each service gets a thread
/// on which ServiceHost::service_main runs.
class Dispatcher {
public:
    virtual ~Dispatcher() = default;
    /// `names` as in SERVICE_TABLE_ENTRY; one empty name for an own-process service.
    virtual Result<void> run(const std::vector<std::string>& names, ServiceHost& host) = 0;
};

}  // namespace pysvc
