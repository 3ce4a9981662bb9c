// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"

#include <string_view>

namespace pysvc::py {

/// Turns faulthandler on: a crash, and on POSIX SIGUSR2, write the stacks of all threads to the file `path`, or to
/// descriptor 2 when it is empty or cannot be opened (which is a warning, no failure). GIL.
void enable_crash_log(const EngineState& state, std::string_view path);

}  // namespace pysvc::py
