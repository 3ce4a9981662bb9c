// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/platform.hpp"

#include <unistd.h>

#include <csignal>

namespace pysvc::py {

void restore_thread_or_park(PyThreadState* state) noexcept {
    try {
        PyEval_RestoreThread(state);
    } catch (...) {
        // CPython before 3.14 calls pthread_exit here, and glibc unwinds the C++ frames above us for it: destructors
        // would touch Python objects without the GIL, and the first noexcept frame would abort the process. A handler
        // that never ends stops the unwinding for good. https://github.com/python/cpython/issues/87135
        for (;;) pause();
    }
}

// faulthandler brings a stack of its own for its signal handlers.
void reserve_stacks_for_crashes() noexcept {}

int stack_dump_signal() noexcept { return SIGUSR2; }

std::int32_t co_initialize(std::uint32_t) noexcept { return 0; }

void co_uninitialize() noexcept {}

bool pump_waiting_messages() noexcept { return false; }

}  // namespace pysvc::py
