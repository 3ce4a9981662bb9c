// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"

#include <string>

namespace pysvc::py {

/// The class that `request` names: the object it brings, or the attribute of a module imported with the request's
/// directory in front of sys.path. GIL, on the thread that will run the service.
[[nodiscard]] Result<pb::object> load_class(EngineState& state, const pysvc_run_request& request);

}  // namespace pysvc::py
