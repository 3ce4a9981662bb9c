// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/host_api.h"
#include "host/service/settings.hpp"

#include <string>

namespace pysvc {

/// Port: how the host comes to a running interpreter. The EXE finds Python and loads DLL and engine; under python.exe
/// the engine is the module itself; tests give a table of their own.
class EngineLoader {
public:
    virtual ~EngineLoader() = default;

    /// Finds and loads everything and starts the interpreter on the calling thread. py-main, once per process.
    /// `step` is called after each part that succeeded: the checkpoint moves.
    virtual Result<const pysvc_engine_api*> start(const std::string& service, const Settings& settings,
                                                  const pysvc_host_api& host, void (*step)(void*), void* context) = 0;

    /// What an event about a failure of user code should add: interpreter, account, log. May be empty.
    virtual std::string environment_summary() = 0;
};

}  // namespace pysvc
