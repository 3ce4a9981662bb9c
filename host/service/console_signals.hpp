// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace pysvc {

/// Calls `handler` for each Ctrl+C (Windows also: Ctrl+Break, closing the console; POSIX: SIGINT, SIGTERM) on a thread of
/// its own, with the number of the signal so far, beginning with 1. Call once, before other threads are started; the
/// process's default reaction is off from then on.
void watch_console_signals(std::function<void(int count)> handler);

/// In service mode: events of logging off and shutting down that a console of some child brings along are swallowed, so
/// that no library's own handler ends the service (MSDN, SetConsoleCtrlHandler).
void ignore_console_logoff();

}  // namespace pysvc
