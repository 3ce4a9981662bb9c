// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/python.hpp"

namespace pysvc::py {

/// Holds the GIL on a thread of any origin: py-main, a service thread, a native helper. Built on PyGILState_* so that
/// extension modules that use the same calls further up the stack find this thread's state.
class GilHeld {
public:
    GilHeld() noexcept : state_(PyGILState_Ensure()) {}
    ~GilHeld() { PyGILState_Release(state_); }
    GilHeld(const GilHeld&) = delete;
    GilHeld& operator=(const GilHeld&) = delete;

private:
    PyGILState_STATE state_;
};

/// Holds the GIL through a thread state that outlives the scope (a control thread's).
class ThreadStateHeld {
public:
    explicit ThreadStateHeld(PyThreadState* state) noexcept { PyEval_RestoreThread(state); }
    ~ThreadStateHeld() { PyEval_SaveThread(); }
    ThreadStateHeld(const ThreadStateHeld&) = delete;
    ThreadStateHeld& operator=(const ThreadStateHeld&) = delete;
};

/// Gives the GIL away for a call into the host. A thread that wants it back while the interpreter is being finalised
/// stays parked in the destructor; see restore_thread_or_park.
class GilReleased {
public:
    GilReleased() noexcept : state_(PyEval_SaveThread()) {}
    ~GilReleased();
    GilReleased(const GilReleased&) = delete;
    GilReleased& operator=(const GilReleased&) = delete;

private:
    PyThreadState* state_;
};

}  // namespace pysvc::py
