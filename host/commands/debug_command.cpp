// SPDX-License-Identifier: MIT
#include "host/base/paths.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/program.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/subject.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

Result<Subject> subject_of_debug(const DebugCommand& command, CommandPorts& ports) {
    const ProgramRequest& program = command.program;
    if (auto checked = check_program(program, program.kind); !checked) return failure(checked.error());
    if (!program.kind.empty()) return program_subject(program, command.working_directory, ports.folders.current);
    if (command.subject.empty()) return default_subject(ports.folders);
    return resolve_script_or_service(command.subject, ports);
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
    for (const auto& [name, text] : program_texts(command.program, described->target)) {
        request.parameters.push_back({name, raw_text(text)});
    }
    request.python = described->python.executable;
    request.script_directory = described->folder;
    return ports.debug(request);
}

}  // namespace pysvc
