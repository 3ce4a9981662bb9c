// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"

namespace pysvc::py {

/// Makes sys.stdout and sys.stderr lines of the host's log: both when streams are captured, else those that are None;
/// a sys.stdin that is None reads nothing. Idempotent. Throws error_already_set. GIL.
void install_streams(EngineState& state);

/// Hands the host what was written since the last line end. Without the GIL.
void deliver_partial_lines(EngineState& state);

/// Flushes sys.stdout and sys.stderr, whatever they are by now; false when one failed. GIL.
[[nodiscard]] bool flush_streams();

}  // namespace pysvc::py
