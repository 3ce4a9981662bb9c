// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace pysvc {

/// A thread of this process, as the operating system numbers it; 0: none.
using ThreadId = std::uint32_t;

/// Port: what the host does to its own process, and asks about it.
class Process {
public:
    virtual ~Process() = default;

    /// Ends the process at once, without atexit handlers, DllMain calls or thread clean-up (TerminateProcess, _exit).
    /// A fake returns.
    virtual void terminate(std::uint32_t code) = 0;

    /// The Python stacks of all threads, taken without the GIL; empty when Python is not running. Watchdog thread.
    virtual std::string python_stacks() = 0;

    /// The calling thread, for native_stack.
    virtual ThreadId current_thread() = 0;

    /// The top frames of a thread, one a line, `module.dll!nearest_export+0x1f`; why not, where it cannot be had. Returns
    /// within a second. Watchdog thread. Empty on POSIX, where services are only debugged: a debugger shows more.
    virtual std::string native_stack(ThreadId thread) = 0;

    /// The processes that this one has started and that still run, one a line: "4242 ffmpeg.exe".
    virtual std::string children() = 0;

    /// From here on a native thread that faults inside Python is parked: a late PyGILState_Ensure is no crash.
    virtual void park_late_python_threads() = 0;

    /// Flushes what C code of the process wrote through its C library (ucrtbase's fflush(NULL) on Windows).
    virtual void flush_c_streams() = 0;
};

}  // namespace pysvc
