// SPDX-License-Identifier: MIT
// Python's stacks without the GIL, and threads that come back to Python too late.
#pragma once

#include "host/windows/win32.hpp"

#include <string>

namespace pysvc::win {

/// The interpreter runs, faulthandler is enabled with the crash log, `python` is its DLL. py-main, once: the calling
/// thread is remembered as the one that is never parked.
void enable_python_stacks(HMODULE python);

/// The Python stacks of all threads: what faulthandler adds to `crash_log` (UTF-8), at most 64 Ki units with the middle
/// left out. Takes no GIL and waits for nobody who may hold it. Empty before enable_python_stacks, without a crash log
/// and when nothing was written. Any native thread.
[[nodiscard]] std::string python_stacks(const std::string& crash_log);

/// From now on a native thread whose access violation lies in Python's DLL sleeps for ever: it came back by
/// PyGILState_Ensure after finalisation, which must not look like a crash of the service. Any thread, once.
void park_late_python_threads();

}  // namespace pysvc::win
