// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"

namespace pysvc::py {

/// Watches imports for the life of the process: each is progress of the start, and the import of `site` is the moment
/// when sys.stdout exists and no .pth file has run yet. Before Py_Initialize; false when out of memory.
[[nodiscard]] bool install_audit_hook(EngineState& state);

}  // namespace pysvc::py
