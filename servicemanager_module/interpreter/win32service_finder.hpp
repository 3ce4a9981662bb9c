// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"

namespace pysvc::py {

/// Makes win32service.SetServiceStatus of real pywin32 go through the host, which is the one writer of a service's
/// status, for handles that the host has issued: now if the module is loaded, else as it is loaded (after_import).
/// Idempotent. Throws error_already_set. GIL.
void install_win32service_finder(EngineState& state);

}  // namespace pysvc::py
