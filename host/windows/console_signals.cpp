// SPDX-License-Identifier: MIT
#include "host/service/console_signals.hpp"

#include "host/windows/win32.hpp"

#include <thread>
#include <utility>

namespace pysvc {
namespace {

HANDLE g_signal = nullptr;

BOOL WINAPI on_console_event(DWORD event) noexcept {
    switch (event) {
        case CTRL_C_EVENT:
        case CTRL_BREAK_EVENT: SetEvent(g_signal); return TRUE;
        case CTRL_CLOSE_EVENT:
        case CTRL_SHUTDOWN_EVENT:
            // Windows ends the process when this handler returns, or after its own limit (5 s): until then the service
            // has time to stop.
            SetEvent(g_signal);
            Sleep(INFINITE);
            return TRUE;
        default: return FALSE;
    }
}

BOOL WINAPI swallow_logoff(DWORD event) noexcept {
    return event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT;
}

}  // namespace

void watch_console_signals(std::function<void(ConsoleSignal)> handler) {
    // Auto-reset: presses that come faster than they are handled are one.
    g_signal = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    // A parent may have started us with Ctrl+C switched off, which children inherit.
    SetConsoleCtrlHandler(nullptr, FALSE);
    SetConsoleCtrlHandler(on_console_event, TRUE);
    std::thread([handler = std::move(handler)] {
        for (;;) {
            WaitForSingleObject(g_signal, INFINITE);
            handler(ConsoleSignal::Stop);
        }
    }).detach();
}

// A Windows console has no job control, and ConsoleSignal::Suspend never comes.
void suspend_process() {}

void ignore_console_logoff() { SetConsoleCtrlHandler(swallow_logoff, TRUE); }

}  // namespace pysvc
