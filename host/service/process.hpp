// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace pysvc {

/// Port: what the host does to its own process.
class Process {
public:
    virtual ~Process() = default;

    /// Ends the process at once, without atexit handlers, DllMain calls or thread clean-up (TerminateProcess, _exit).
    /// A fake returns.
    virtual void terminate(std::uint32_t code) = 0;

    /// The Python stacks of all threads, taken without the GIL; empty when Python is not running. Watchdog thread.
    virtual std::string python_stacks() = 0;

    /// From here on a native thread that faults inside Python is parked: a late PyGILState_Ensure is no crash.
    virtual void park_late_python_threads() = 0;

    /// Flushes what C code of the process wrote through its C library (ucrtbase's fflush(NULL) on Windows).
    virtual void flush_c_streams() = 0;
};

}  // namespace pysvc
