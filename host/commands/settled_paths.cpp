// SPDX-License-Identifier: MIT
#include "host/commands/settled_paths.hpp"

#include "host/base/paths.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/service_parts.hpp"
#include "host/service/class_spec.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

/// Replaces a path that is not empty. `what` it is, for the error.
Result<void> settle(std::string& path, const char* what, CommandPorts& ports) {
    if (path.empty()) return {};
    auto local = ports.local_path(path);
    if (!local) {
        Error error = local.error();
        error.context = fmt::format("{}: {}", what, error.context);
        return failure(std::move(error));
    }
    path = std::move(*local);
    return {};
}

}  // namespace

Result<void> settle_paths(Subject& subject, InstallRequest& request, CommandPorts& ports) {
    if (!request.working_directory.empty()) {
        request.working_directory = absolute_from(ports.folders.current, request.working_directory);
    }
    if (auto done = settle(request.working_directory, "--working-directory", ports); !done) return done;
    const bool has_file = subject.kind == SubjectKind::Script || subject.program_kind == "script";
    if (has_file) {
        if (auto done = settle(subject.text, "the script", ports); !done) return done;
    }
    return settle(subject.spec.directory, "the folder of the service's code", ports);
}

Result<void> settle_paths(ServicePlan& plan, CommandPorts& ports) {
    if (plan.image_path) {
        std::string program = ports.folders.executable;
        if (auto done = settle(program, "this program", ports); !done) return done;
    }
    if (plan.python) {
        if (auto done = settle(*plan.python, "the Python", ports); !done) return done;
    }
    std::string log = read_text(ports.registry, parameters_key(plan.name), "LogDirectory").value_or("");
    return settle(log, "Parameters\\LogDirectory", ports);
}

std::vector<std::string> refused_paths_of(const std::string& service, CommandPorts& ports) {
    const ServiceParts parts = parts_of(service, nullptr, ports);
    const auto spec = parse_class_spec(parts.class_string);
    const std::pair<const char*, std::string> paths[] = {
        {"the program", program_of(parts.image_path)},
        {"the folder of the service's code", spec ? spec->directory : std::string()},
        {"the script", parts.script},
        {"Parameters\\Python", parts.python},
        {"Parameters\\WorkingDirectory", parts.working_directory},
        {"the log", parts.log_folder},
    };
    std::vector<std::string> refused;
    for (auto [what, path] : paths) {
        if (const auto done = settle(path, what, ports); !done) refused.push_back(done.error().context);
    }
    return refused;
}

}  // namespace pysvc
