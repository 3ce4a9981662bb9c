// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/ports.hpp"
#include "host/commands/requests.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace pysvc {

/// Without --timeout a service is waited for as long as it makes progress; without progress for its wait hint, but
/// for so long at least.
inline constexpr std::chrono::seconds kPatience{30};

using StateTest = std::function<bool(const ServiceSnapshot&)>;

/// Waits until `done` accepts the service's state, showing progress on Err once it takes more than a second.
/// WaitTimedOut (with 1223 after Ctrl+C) when it does not come; the service itself is left alone.
[[nodiscard]] Result<ServiceSnapshot> wait_until(const std::string& service, const StateTest& done,
                                                 const WaitRequest& request, CommandPorts& ports);

/// Waits for the end of the service's process: only then are its files and ports free. Null is "ended".
[[nodiscard]] Result<void> wait_for_process(const std::string& service, WatchedProcess* process,
                                            const WaitRequest& request, CommandPorts& ports);

/// The failure of a service that ended with an error: its code, what that means and where its log is. `when` is
/// "while starting" or the like.
[[nodiscard]] Error service_failure(const std::string& service, const ExitStatus& exit, const std::string& when,
                                    CommandPorts& ports);

}  // namespace pysvc
