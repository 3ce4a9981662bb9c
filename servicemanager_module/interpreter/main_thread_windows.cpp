// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/main_thread.hpp"

#include <windows.h>

#include <csignal>

// The event that CPython's own handler of SIGINT sets. PyErr_SetInterruptEx does not. Exported by every minor; the headers
// have it in places that differ.
extern "C" __declspec(dllimport) void* _PyOS_SigintEvent(void);

namespace pysvc::py {

void wake_main_thread(unsigned long) noexcept {
    // time.sleep waits for it on the main thread, and so does every lock from 3.14 on.
    SetEvent(static_cast<HANDLE>(_PyOS_SigintEvent()));
}

struct KeptSignalHandler::Former {
    int signal;
};

KeptSignalHandler::KeptSignalHandler(int signal) noexcept {
    // These two are what the C library makes of console events.
    if (signal == SIGINT || signal == SIGBREAK) former_.reset(new Former{signal});
}

KeptSignalHandler::~KeptSignalHandler() {
    if (!former_) return;
    // Python's C library, which need not be ours.
    using Signal = void(__cdecl*(__cdecl*)(int, void(__cdecl*)(int)))(int);
    const HMODULE library = GetModuleHandleW(L"ucrtbase.dll");
    if (library == nullptr) return;
    const auto set = reinterpret_cast<Signal>(reinterpret_cast<void*>(GetProcAddress(library, "signal")));
    // With SIG_DFL its console handler passes the event on, to the host's.
    if (set != nullptr) set(former_->signal, SIG_DFL);
}

}  // namespace pysvc::py
