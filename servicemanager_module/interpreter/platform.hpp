// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/python.hpp"

#include <cstdint>

namespace pysvc::py {

// What differs between Windows and POSIX; platform_windows.cpp and platform_posix.cpp, chosen by CMake.

/// PyEval_RestoreThread. While the interpreter is being finalised CPython before 3.14 ends the calling thread instead
/// of returning; where that unwinds C++ frames without the GIL, the thread is parked for ever, as 3.14 does.
void restore_thread_or_park(PyThreadState* state) noexcept;

/// Keeps room on the stack of the calling thread, and of all that begin later, for the handlers of a stack overflow:
/// without it the process would end without a word. py-main, once.
void reserve_stacks_for_crashes() noexcept;

/// The signal that makes faulthandler write all stacks, or 0 where there are no such signals.
[[nodiscard]] int stack_dump_signal() noexcept;

/// CoInitializeEx on the calling thread; the HRESULT. POSIX: S_OK. Without the GIL: it may load DLLs.
[[nodiscard]] std::int32_t co_initialize(std::uint32_t flags) noexcept;

/// CoUninitialize on the calling thread. Without the GIL: it may run a message loop.
void co_uninitialize() noexcept;

/// Dispatches the window messages that wait for the calling thread; true if WM_QUIT was among them. Without the GIL.
[[nodiscard]] bool pump_waiting_messages() noexcept;

}  // namespace pysvc::py
