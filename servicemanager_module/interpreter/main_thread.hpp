// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/python.hpp"

#include <chrono>
#include <memory>

namespace pysvc::py {

// How a signal gets from the control thread to the code on Python's main thread. PyErr_SetInterruptEx only marks it: the
// main thread looks when it executes bytecode, and it may be asleep in a system call. main_thread.cpp is the same
// everywhere, main_thread_windows.cpp and main_thread_posix.cpp are chosen by CMake.

/// Makes the blocking call of thread `ident`, which is Python's main thread, return early as far as it can: time.sleep
/// and asyncio everywhere; on Windows no call that waits for a socket, a pipe or a process, and locks from 3.14 on only.
/// docs/programs.md has the list. Any thread.
void wake_main_thread(unsigned long ident) noexcept;

/// Wakes the main thread until it has executed bytecode, and with it the handlers of the signals that were marked before;
/// false when it has not within `patience`. Again and again, because a wake-up is lost on a thread that is just about to
/// block. Called with the GIL, which it gives away. Not on the main thread.
[[nodiscard]] bool wait_for_main_thread(unsigned long ident, std::chrono::milliseconds patience);

/// While it lives the C library's handler of a signal may change, as signal.signal does it; then the former one is back.
/// A console event is the host's: it becomes a STOP, and the program hears of that. On Windows Python's own handler would
/// even be called when any user logs off, as SIGBREAK.
class KeptSignalHandler {
public:
    explicit KeptSignalHandler(int signal) noexcept;
    ~KeptSignalHandler();
    KeptSignalHandler(const KeptSignalHandler&) = delete;
    KeptSignalHandler& operator=(const KeptSignalHandler&) = delete;

private:
    struct Former;
    std::unique_ptr<Former> former_;
};

}  // namespace pysvc::py
