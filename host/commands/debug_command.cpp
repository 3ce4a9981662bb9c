// SPDX-License-Identifier: MIT
#include "host/base/paths.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/subject.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

Result<Subject> subject_of_debug(const DebugCommand& command, CommandPorts& ports) {
    if (command.subject.empty()) return default_subject(ports.folders);
    // `debug My.Service` means the installed service of that name, as it did with pywin32's host.
    if (!is_file(absolute_from(ports.folders.current, command.subject)) &&
        has_python_class(ports.registry, command.subject)) {
        Subject subject;
        subject.text = command.subject;
        return subject;
    }
    return resolve_subject(command.subject, ports.folders.current);
}

/// An installed service is given by key or display name.
Result<std::string> installed_name(const std::string& text, CommandPorts& ports) {
    auto name = ports.scm.key_name(text);
    // Where the SCM does not know it the class may still be there: debug needs no SCM.
    if (!name && has_python_class(ports.registry, text)) return text;
    return name;
}

}  // namespace

Result<int> debug_command(const DebugCommand& command, CommandPorts& ports) {
    const auto subject = subject_of_debug(command, ports);
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
