// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/ports.hpp"
#include "host/commands/requests.hpp"
#include "host/commands/service_plan.hpp"
#include "host/commands/subject.hpp"

#include <string>
#include <vector>

namespace pysvc {

// Paths that install and update write are those that the service will see (local_path). PathRefused says which one
// cannot be, and why.

/// Before anything is looked at: the script or the folder of a subject, and --working-directory.
[[nodiscard]] Result<void> settle_paths(Subject& subject, InstallRequest& request, CommandPorts& ports);

/// Before anything is written: this program, the Python that was found, and a LogDirectory that is set already.
[[nodiscard]] Result<void> settle_paths(ServicePlan& plan, CommandPorts& ports);

/// What is wrong with the paths of an installed service, one line each.
[[nodiscard]] std::vector<std::string> refused_paths_of(const std::string& service, CommandPorts& ports);

}  // namespace pysvc
