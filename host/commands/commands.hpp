// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/ports.hpp"
#include "host/commands/requests.hpp"

namespace pysvc {

// One function per verb, one file per function. Each prints its result (data on Out, the rest on Err) and returns the
// exit code of the process; a failure is returned and printed by the caller (report()).

/// Creates the service, or updates it when it exists. Removes a created service again when a later step fails.
[[nodiscard]] Result<int> install_command(InstallRequest request, CommandPorts& ports);

/// Changes an installed service: its options, and with a file or class as subject also what it runs. Error 1060 when it
/// does not exist.
[[nodiscard]] Result<int> update_command(InstallRequest request, CommandPorts& ports);

/// Stops the service, waits for its process, deletes it with everything that install wrote, waits until it is gone.
[[nodiscard]] Result<int> remove_command(const RemoveRequest& request, CommandPorts& ports);

/// Starts and waits for RUNNING. The service's own exit code is the error when it ends while starting.
[[nodiscard]] Result<int> start_command(const StartRequest& request, CommandPorts& ports);

/// Stops and waits for STOPPED and for the end of the process. An error when the service ended with one.
[[nodiscard]] Result<int> stop_command(const StopRequest& request, CommandPorts& ports);

/// stop, then start; a stopped service is only started.
[[nodiscard]] Result<int> restart_command(const StartRequest& request, CommandPorts& ports);

/// Prints state and configuration. 0 when it could answer; with quiet 0 running or paused, 3 not running, 4 unknown.
[[nodiscard]] Result<int> status_command(const StatusRequest& request, CommandPorts& ports);

/// Resolves the subject and hands it to ports.debug.
[[nodiscard]] Result<int> debug_command(const DebugCommand& request, CommandPorts& ports);

/// Prints which Python a service, or what could become one, gets, and everything that was looked at to find it. Fails
/// with the reason when it gets none.
[[nodiscard]] Result<int> doctor_command(const DoctorRequest& request, CommandPorts& ports);

/// Version, build id, and the engines beside the EXE.
[[nodiscard]] Result<int> version_command(CommandPorts& ports);

}  // namespace pysvc
