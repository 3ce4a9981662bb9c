// SPDX-License-Identifier: MIT
#pragma once

#include "host/commands/ports.hpp"
#include "host/locate/locate_python.hpp"

#include <string>
#include <vector>

namespace pysvc {

/// Runs this process as a service of the Service Control Manager, or as the services of `group` when it is not empty.
/// Connects before anything else is read or opened. Returns the exit code of the process.
[[nodiscard]] int host_services(const std::vector<std::string>& argv, const std::string& group, Output& output);

/// Runs one service on this console, in the same code as a service: process main plays the dispatcher, Ctrl+C is STOP, a
/// second one writes the stacks and ends the process. Returns the service's exit code.
[[nodiscard]] int host_on_console(const std::vector<std::string>& argv, const DebugRequest& request, Output& output);

/// Which Python the start of an installed service asks for.
[[nodiscard]] LocateRequest request_of_service(const std::string& service);

}  // namespace pysvc
