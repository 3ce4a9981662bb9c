// SPDX-License-Identifier: MIT
// Python's stacks without the GIL.
#pragma once

#include <string>

namespace pysvc::posix {

/// The Python stacks of all threads: what faulthandler, registered for SIGUSR2 by the engine, adds to `crash_log`; at
/// most 64 Ki UTF-16 units with the middle left out. Takes no GIL. Empty when nobody handles SIGUSR2 (Python does not
/// run), without a crash log and when nothing was written. Any native thread.
[[nodiscard]] std::string python_stacks(const std::string& crash_log);

/// Does nothing: there is no way to resume a thread after SIGSEGV without taking the signal from faulthandler and from
/// the service's own handlers, and debug mode, all that runs here, ends the process right after finalisation.
void park_late_python_threads();

}  // namespace pysvc::posix
