// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/platform.hpp"

#include <windows.h>

#include <objbase.h>

namespace pysvc::py {

// Important: noexcept is safe here. On Windows CPython leaves with _endthreadex, which unwinds nothing.
void restore_thread_or_park(PyThreadState* state) noexcept { PyEval_RestoreThread(state); }

int stack_dump_signal() noexcept { return 0; }

std::int32_t co_initialize(std::uint32_t flags) noexcept { return CoInitializeEx(nullptr, flags); }

void co_uninitialize() noexcept { CoUninitialize(); }

bool pump_waiting_messages() noexcept {
    bool quit = false;
    MSG message{};
    while (PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) {
        // PeekMessage hands WM_QUIT out once; like pywin32 we only tell the caller and go on with the rest.
        if (message.message == WM_QUIT) quit = true;
        DispatchMessageW(&message);
    }
    return quit;
}

}  // namespace pysvc::py
