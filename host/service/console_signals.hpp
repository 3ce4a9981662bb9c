// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace pysvc {

/// What somebody at the console, or a signal, asks of the process.
enum class ConsoleSignal {
    Stop,      ///< Ctrl+C. Windows: Ctrl+Break, closing the console. POSIX: SIGINT, SIGTERM, SIGHUP
    Suspend,   ///< Ctrl+Z (SIGTSTP)
    Continue,  ///< SIGCONT, which the shell's `fg` and `bg` send
};

/// Calls `handler` for each signal on a thread of its own. Call once, before other threads are started; the process's
/// default reaction is off from then on.
void watch_console_signals(std::function<void(ConsoleSignal)> handler);

/// What Ctrl+Z does by default: stops this process until somebody continues it. Any thread.
void suspend_process();

/// In service mode: events of logging off and shutting down that a console of some child brings along are swallowed, so
/// that no library's own handler ends the service (MSDN, SetConsoleCtrlHandler).
void ignore_console_logoff();

}  // namespace pysvc
