// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/host_api.h"
#include "servicemanager_module/interpreter/python.hpp"

namespace pysvc::py {

/// Py_PreInitialize: settings that hold before any text can be decoded.
[[nodiscard]] Result<void> pre_initialize(const pysvc_interpreter_config& config);

/// Py_InitializeFromConfig on the calling thread, which becomes Python's main thread and holds the GIL then.
[[nodiscard]] Result<void> initialize(const pysvc_interpreter_config& config);

}  // namespace pysvc::py
