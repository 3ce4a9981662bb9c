// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"

namespace pysvc::py {

/// Calls `function` with the module of that name: now if it is loaded, else as soon as its code has run, through a
/// finder in front of sys.meta_path. Nothing is imported for it. What `function` raises is a warning in the log. One
/// function for each name. Throws error_already_set. GIL.
void after_import(EngineState& state, const char* name, const pb::object& function);

}  // namespace pysvc::py
