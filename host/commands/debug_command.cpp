// SPDX-License-Identifier: MIT
#include "host/base/paths.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/subject.hpp"

#include <fmt/format.h>

namespace pysvc {
Result<int> debug_command(const DebugCommand& command, CommandPorts& ports) {
    const auto subject = command.subject.empty() ? default_subject(ports.folders)
                                                 : resolve_script_or_service(command.subject, ports);
    if (!subject) return failure(subject.error());
    DebugRequest request;
    request.args = command.arguments;
    if (!command.working_directory.empty()) {
        request.working_directory = absolute_from(ports.folders.current, command.working_directory);
    }
    if (subject->kind == SubjectKind::Service) {
        auto name = installed_name(subject->text, ports);
        if (!name) return failure(name.error());
        request.service_name = command.name.empty() ? std::move(*name) : command.name;
        if (!command.python.empty()) {
            auto python = ports.find_python({command.python, {}, {}});
            if (!python) return failure(python.error());
            request.python = std::move(python->executable);
        }
        return ports.debug(request);
    }

    PythonQuery query;
    query.named = command.python;
    const auto described = describe_subject(*subject, query, ports);
    if (!described) return failure(described.error());
    const ServiceDescription& description = described->description;
    request.service_name = !command.name.empty()       ? command.name
                           : !description.name.empty() ? description.name
                                                       : description.class_name;
    request.class_string = class_string_of(description);
    request.python = described->python.executable;
    request.script_directory = described->folder;
    return ports.debug(request);
}

}  // namespace pysvc
