// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/ports.hpp"
#include "host/commands/service_plan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

// Services of a group share one process. The SCM lets services share one when their ImagePaths are equal, and the
// process has to name all of its services before it hears of any: so the ImagePath says which group it is, and a list
// in the registry says who belongs to it, as svchost.exe has it.

/// The arguments in the ImagePath of a group's service.
inline constexpr char kServiceFlag[] = "--service";
inline constexpr char kGroupFlag[] = "--group";

/// The group in an ImagePath; empty for a service with a process of its own.
[[nodiscard]] std::string group_in(std::string_view image_path);

/// The names of a group, in the order in which they joined; empty when there is no such group.
[[nodiscard]] Result<std::vector<std::string>> group_members(RegistryEditor& registry, const std::string& group);

/// Success when the name is there already; names are compared without case.
[[nodiscard]] Result<void> join_group(RegistryEditor& registry, const std::string& group, const std::string& service);

/// Takes the list away with its last name. Success when the name is not there.
[[nodiscard]] Result<void> leave_group(RegistryEditor& registry, const std::string& group, const std::string& service);

/// Makes command line and type of a plan those of its group: the one that was asked for, else the one that the service
/// is in (`installed` is null for a new one). Fails when the service cannot share a process with the group's others:
/// arguments of its own, or another account.
[[nodiscard]] Result<void> settle_group(ServicePlan& plan, const ServiceSetup* installed, CommandPorts& ports);

/// Tells when the group's process runs already: it was started without the name of a service that joins now.
void note_running_group(const ServicePlan& plan, CommandPorts& ports);

}  // namespace pysvc
