// SPDX-License-Identifier: MIT
#include "host/base/text.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/program.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "host/commands/service_group.hpp"
#include "host/commands/service_log.hpp"
#include "host/commands/service_parts.hpp"
#include "host/commands/service_plan.hpp"
#include "host/commands/settled_paths.hpp"
#include "host/commands/subject.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

/// What a service gets that did not ask for anything else: back after 5, 30, then always 60 s, and a clean slate after
/// a day without failures.
RecoveryPlan default_recovery() { return {{5s, 30s, 60s}, 24h}; }

ServiceDefinition definition_of(const ServicePlan& plan) {
    ServiceDefinition definition;
    definition.name = plan.name;
    definition.display_name = plan.display_name.value_or(plan.name);
    definition.image_path = plan.image_path.value_or("");
    definition.service_type = plan.service_type.value_or(definition.service_type);
    definition.start_type = plan.start_type.value_or(StartType::Automatic);
    definition.dependencies = plan.dependencies.value_or(std::vector<std::string>{});
    definition.account = plan.account.value_or("");
    definition.password = plan.password;
    return definition;
}

/// Everything after CreateService that must succeed for the service to work.
Result<void> complete(const ServicePlan& plan, bool verbose, CommandPorts& ports) {
    ScmClient& scm = ports.scm;
    if (auto done = write_registration(plan, ports); !done) return done;
    if (!plan.group->empty()) {
        if (auto done = join_group(ports.registry, *plan.group, plan.name); !done) return done;
    }
    if (plan.description) {
        if (auto done = scm.set_description(plan.name, *plan.description); !done) return done;
    }
    const auto tolerate = [&](Result<void> result, const char* what) {
        return tolerate_unsupported(std::move(result), what, verbose, ports.output);
    };
    if (auto done = tolerate(scm.set_recovery(plan.name, default_recovery()), "recovery"); !done) return done;
    if (auto done = tolerate(scm.set_recovery_without_crash(plan.name, true), "recovery without a crash"); !done) {
        return done;
    }
    if (!plan.delayed.value_or(false)) return {};
    // Asked for by name, so that missing it is worth a line in any case.
    return tolerate_unsupported(scm.set_delayed_start(plan.name, true), "delayed start", true, ports.output);
}

/// What makes life easier but decides nothing.
void add_comforts(const ServicePlan& plan, CommandPorts& ports) {
    precompile(plan, ports);
    const std::string folder = default_log_folder(plan.name, ports.folders);
    if (auto made = ports.make_private_folder(folder, plan.account.value_or("")); !made) {
        ports.output.write(Stream::Err, fmt::format("warning: {}\n", explain(made.error())));
    }
    if (plan.perfmon_ini.empty()) return;
    ChildRequest counters;
    counters.program = "lodctr.exe";
    counters.arguments = {plan.perfmon_ini};
    const auto loaded = ports.child.run(counters);
    if (!loaded || loaded->exit_code != 0) {
        ports.output.write(Stream::Err, fmt::format("warning: lodctr could not load the performance counters of {}\n",
                                                    plan.perfmon_ini));
    }
}

std::string what_runs(const ServicePlan& plan, const DescribedSubject& described) {
    if (plan.program_kind.empty()) return fmt::format("class: {}", plan.class_string.value_or(""));
    return "program: " + program_text(plan.program_kind, described.target, *plan.program_arguments);
}

void print_result(const ServicePlan& plan, const DescribedSubject& described, CommandPorts& ports) {
    const auto start = plan.start_type.value_or(StartType::Automatic);
    ports.output.write(
        Stream::Out,
        fmt::format("{}: installed\n  {}\n  Python: {} ({})\n  working directory: {}\n  start type: {}\n{}"
                    "  log: {}\n",
                    plan.name, what_runs(plan, described), described.python.executable, described.python.reason,
                    plan.working_directory.value_or("(the program's folder)"),
                    start_type_name(static_cast<std::uint32_t>(start), plan.delayed.value_or(false)),
                    plan.group->empty() ? "" : fmt::format("  group: {}\n", *plan.group),
                    log_file(plan.name, ports)));
}

Result<int> create(const ServicePlan& plan, const DescribedSubject& described, const InstallRequest& request,
                   CommandPorts& ports) {
    const SourceOwner owner = event_source_owner(ports.registry, plan.name);
    if (auto created = ports.scm.create(definition_of(plan)); !created) return failure(created.error());
    if (auto done = complete(plan, request.verbose, ports); !done) {
        Error error = done.error();
        const auto removed = ports.scm.remove(plan.name);
        if (owner == SourceOwner::Nobody) {
            static_cast<void>(ports.registry.delete_key(event_source_key(plan.name)));
        }
        if (removed) static_cast<void>(leave_group(ports.registry, *plan.group, plan.name));
        error.context += removed ? fmt::format("\nthe service '{}' was removed again", plan.name)
                                 : fmt::format(
                                       "\nthe service '{0}' could not be removed again: PythonService remove "
                                       "{0}",
                                       plan.name);
        return failure(std::move(error));
    }
    add_comforts(plan, ports);
    print_result(plan, described, ports);
    note_running_group(plan, ports);
    if (!request.start) {
        ports.output.write(Stream::Err, fmt::format("next: PythonService start {}\n", quote_argument(plan.name)));
    }
    return 0;
}

/// A service of another program must not be taken over by a typing error.
Result<void> check_ours(const std::string& service, const ServiceSetup& setup, CommandPorts& ports) {
    const bool ours = has_python_class(ports.registry, service) ||
                      equal_ignoring_case(program_of(setup.image_path), ports.folders.executable);
    if (ours) return {};
    return failure(ErrorCode::ServiceControlFailed, win32::kServiceExists,
                   fmt::format("'{}' is a service of {}", service, setup.image_path));
}

Result<Subject> subject_of_install(const InstallRequest& request, CommandPorts& ports) {
    const ProgramRequest& program = request.program;
    if (auto checked = check_program(program, program.kind); !checked) return failure(checked.error());
    if (program.kind.empty()) {
        return request.subject.empty() ? default_subject(ports.folders)
                                       : resolve_subject(request.subject, ports.folders.current);
    }
    if (!request.subject.empty()) {
        return failure(ErrorCode::Usage, 0,
                       fmt::format("'{}' beside --{}: arguments of the program stand after --, a name after --name",
                                   request.subject, program.kind));
    }
    return program_subject(program, request.working_directory, ports.folders.current);
}

}  // namespace

Result<int> install_command(InstallRequest request, CommandPorts& ports) {
    auto subject = subject_of_install(request, ports);
    if (!subject) return failure(subject.error());
    if (auto settled = settle_paths(*subject, request, ports); !settled) return failure(settled.error());
    if (subject->kind == SubjectKind::Service) {
        return failure(ErrorCode::FileNotFound, 0,
                       fmt::format("'{}' is neither a script nor a class (module.Class)", subject->text));
    }
    const auto described = describe_for_install(*subject, request, ports);
    if (!described) return failure(described.error());
    auto plan = make_plan(request, &*described, ports.folders);
    if (!plan) return failure(plan.error());

    const auto setup = ports.scm.setup(plan->name);
    if (!setup && setup.error().os_code != win32::kServiceDoesNotExist) return failure(setup.error());
    if (setup) {
        if (auto ours = check_ours(plan->name, *setup, ports); !ours) return failure(ours.error());
    }
    if (auto settled = settle_group(*plan, setup ? &*setup : nullptr, ports); !settled) {
        return failure(settled.error());
    }
    if (auto checked = check_program_group(request.program.kind, *plan->group); !checked) {
        return failure(checked.error());
    }
    if (auto settled = settle_paths(*plan, ports); !settled) return failure(settled.error());
    if (auto checked = check_exposures(*plan, request.strict, ports); !checked) return failure(checked.error());
    const auto password = get_password(request, ports.output);
    if (!password) return failure(password.error());
    plan->password = &*password;

    const auto code = setup ? apply_update(*plan, ports) : create(*plan, *described, request, ports);
    if (!code || *code != 0 || !request.start) return code;
    return start_command({plan->name, {}, request.wait}, ports);
}

}  // namespace pysvc
