// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"

namespace pysvc::py {

/// Exceptions that nobody handles, and warnings, go to the host from here on: sys.excepthook, sys.unraisablehook, and, as
/// soon as somebody imports them, threading, asyncio and warnings. Hooks that the service sets later win. Throws
/// error_already_set. GIL.
void install_exception_hooks(EngineState& state);

}  // namespace pysvc::py
