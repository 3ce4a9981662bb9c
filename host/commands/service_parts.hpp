// SPDX-License-Identifier: MIT
#pragma once

#include "host/commands/exposure.hpp"
#include "host/commands/ports.hpp"
#include "host/commands/service_plan.hpp"
#include "host/locate/locate_python.hpp"

#include <string>
#include <vector>

namespace pysvc {

/// What a service consists of, as far as it is known before it runs.
struct ServiceParts {
    std::string name;
    bool installed = false;
    std::string account;     ///< empty: LocalSystem
    std::string image_path;  ///< the command line
    std::string class_string;
    std::string script;  ///< of a program; empty for a class
    std::string working_directory;
    std::string python;  ///< full path of python.exe; empty: it is looked for at every start
    std::string log_folder;
    std::string group;
};

/// Those of an installed service, and what a plan (may be null) makes of them.
[[nodiscard]] ServiceParts parts_of(const std::string& service, const ServicePlan* plan, CommandPorts& ports);

/// Everything that decides what the service does or holds what it knows. `python` is null when there is none.
[[nodiscard]] std::vector<Guarded> guarded_parts(const ServiceParts& parts, const PythonInstallation* python,
                                                 CommandPorts& ports);

/// What others can change of a service.
[[nodiscard]] std::vector<Exposure> exposures_of(const ServiceParts& parts, const PythonInstallation* python,
                                                 CommandPorts& ports);

/// Prints a warning for each exposure of what a plan makes; with `strict` fails with WritableByOthers instead.
[[nodiscard]] Result<void> check_exposures(const ServicePlan& plan, bool strict, CommandPorts& ports);

}  // namespace pysvc
