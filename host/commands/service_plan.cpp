// SPDX-License-Identifier: MIT
#include "host/commands/service_plan.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/commands/program.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/registration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pysvc {
namespace {

void take_startup(ServicePlan& plan, Startup startup) {
    plan.delayed = startup == Startup::Delayed;
    switch (startup) {
        case Startup::Manual: plan.start_type = StartType::Manual; break;
        case Startup::Disabled: plan.start_type = StartType::Disabled; break;
        case Startup::Auto:
        case Startup::Delayed: plan.start_type = StartType::Automatic; break;
    }
}

void take_description(ServicePlan& plan, const DescribedSubject& described, const ProgramFolders& folders) {
    const ServiceDescription& description = described.description;
    if (plan.name.empty()) plan.name = description.name;
    if (!description.display_name.empty()) plan.display_name = description.display_name;
    if (!description.description.empty()) plan.description = description.description;
    if (!description.dependencies.empty()) plan.dependencies = description.dependencies;
    plan.class_string = class_string_of(description);
    plan.python = described.python.executable;
    // Arguments that belong to another program would only confuse this one.
    if (!description.has_exe_name) plan.exe_args = description.exe_args;
    plan.image_path = image_path(folders.executable, plan.exe_args);
    if (!described.folder.empty()) plan.working_directory = described.folder;
    plan.source_file = description.file;
}

void take_program(ServicePlan& plan, const InstallRequest& request, const DescribedSubject* described) {
    const ProgramRequest& program = request.program;
    plan.program_kind = program.kind;
    plan.program_texts = program_texts(program, described != nullptr ? described->target : std::string());
    plan.program_arguments = program.arguments;
    // Another program has arguments of its own.
    if (!program.kind.empty() && !program.arguments) plan.program_arguments.emplace();
}

void print_notes(const DescribedSubject& described, Output& output) {
    const ServiceDescription& description = described.description;
    std::vector<std::string> missing;
    std::ranges::copy_if(description.unknown, std::back_inserter(missing),
                         [](const std::string& name) { return !name.starts_with("exe_"); });
    if (!missing.empty()) {
        output.write(Stream::Err, fmt::format("note: not known, since importing the module failed ({}): {}\n",
                                              escaped(description.import_error), fmt::join(missing, ", ")));
    }
    if (description.has_exe_name) {
        output.write(Stream::Err, "note: _exe_name_ and _exe_args_ are not used; this program hosts the class\n");
    }
}

/// The Python that an installed service has; empty when it has none or the file is gone.
std::string stored_python(const std::string& service, CommandPorts& ports) {
    if (service.empty()) return {};
    const auto stored = read_text(ports.registry, parameters_key(service), "Python");
    return stored && is_file(*stored) ? *stored : std::string();
}

Result<void> check_name(const std::string& name) {
    if (name.empty()) {
        return failure(ErrorCode::Usage, 0, "the class has no _svc_name_; give the service a name with --name");
    }
    if (name.find_first_of("/\\") != std::string::npos || utf16_length(name) > 256) {
        return failure(ErrorCode::Usage, 0,
                       fmt::format("'{}' is no service name: at most 256 characters, none of / and \\", name));
    }
    if (escaped(name) != name) {
        return failure(ErrorCode::Usage, 0,
                       fmt::format("'{}' is no service name: it has control characters, which Event Viewer, logs and consoles "
                                   "do not show",
                                   escaped(name)));
    }
    return {};
}

}  // namespace

std::string account_name(const std::string& typed) {
    for (const char* name : {"LocalService", "NetworkService"}) {
        if (equal_ignoring_case(typed, name)) return fmt::format("NT AUTHORITY\\{}", name);
    }
    for (const char* name : {"LocalSystem", "SYSTEM", ".\\LocalSystem", "NT AUTHORITY\\SYSTEM"}) {
        if (equal_ignoring_case(typed, name)) return "LocalSystem";
    }
    if (typed.find_first_of("\\@") != std::string::npos) return typed;
    return ".\\" + typed;
}

bool needs_password(const std::string& account) {
    const std::string lower = lower_case(account);
    return lower != "localsystem" && !lower.starts_with("nt authority\\") && !lower.starts_with("nt service\\") &&
           !lower.ends_with('$');
}

Result<DescribedSubject> describe_for_install(const Subject& subject, const InstallRequest& request,
                                              CommandPorts& ports) {
    PythonQuery query;
    query.named = request.python;
    query.stored = stored_python(request.name, ports);
    auto described = describe_subject(subject, query, ports);
    if (!described) return described;
    if (request.name.empty() && query.named.empty()) {
        // Only now the name is known, and with it whether the service has a Python already.
        query.stored = stored_python(described->description.name, ports);
        query.script_directory = described->folder;
        if (!query.stored.empty()) {
            auto python = ports.find_python(query);
            if (!python) return failure(python.error());
            described->python = std::move(*python);
        }
    }
    print_notes(*described, ports.output);
    return described;
}

Result<ServicePlan> make_plan(const InstallRequest& request, const DescribedSubject* described,
                              const ProgramFolders& folders) {
    ServicePlan plan;
    plan.name = request.name;
    if (described) take_description(plan, *described, folders);
    if (auto named = check_name(plan.name); !named) return failure(named.error());
    if (request.display_name) plan.display_name = request.display_name;
    if (request.description) plan.description = request.description;
    if (request.startup) take_startup(plan, *request.startup);
    take_program(plan, request, described);
    plan.group = request.group;
    if (request.interactive) plan.service_type = service_type::kOwnProcess | service_type::kInteractive;
    if (!request.username.empty()) plan.account = account_name(request.username);
    if (!request.python.empty() && !described) plan.python = request.python;
    if (!request.working_directory.empty()) {
        plan.working_directory = absolute_from(folders.current, request.working_directory);
        if (!is_folder(*plan.working_directory)) {
            return failure(ErrorCode::Usage, 0, fmt::format("there is no folder {}", *plan.working_directory));
        }
    }
    if (!request.perfmon_ini.empty() && request.perfmon_dll.empty()) {
        return failure(ErrorCode::Usage, 0, "--perfmonini needs --perfmondll");
    }
    if (!request.perfmon_ini.empty()) plan.perfmon_ini = absolute_from(folders.current, request.perfmon_ini);
    if (!request.perfmon_dll.empty()) plan.perfmon_dll = absolute_from(folders.current, request.perfmon_dll);
    return plan;
}

Result<Secret> get_password(InstallRequest& request, Output& output) {
    if (request.password) {
        output.write(Stream::Err,
                     "warning: a password on the command line can be seen by everyone who may list processes; "
                     "leave --password out to be asked for it, or use --password-stdin\n");
        Secret given = std::move(*request.password);
        request.password.reset();
        return given;
    }
    if (request.password_from_stdin) return output.read_secret_line();
    if (request.username.empty() || !needs_password(account_name(request.username))) return Secret();
    return output.ask_secret(fmt::format("Password of {}: ", account_name(request.username)));
}

Result<void> write_registration(const ServicePlan& plan, CommandPorts& ports) {
    RegistryEditor& registry = ports.registry;
    const std::string parameters = parameters_key(plan.name);
    if (plan.class_string) {
        if (auto done = write_text(registry, python_class_key(plan.name), "", *plan.class_string); !done) return done;
    }
    if (plan.python) {
        if (auto done = write_text(registry, parameters, "Python", *plan.python); !done) return done;
    }
    if (plan.working_directory) {
        if (auto done = write_text(registry, parameters, "WorkingDirectory", *plan.working_directory); !done) {
            return done;
        }
    }
    if (plan.class_string && plan.program_kind.empty()) {
        // A program that the service had before is not what it runs any more.
        for (const char* name : {"Program", "ProgramArguments", "Bind", "StopSignal", "ControlHook"}) {
            if (auto done = registry.delete_value(parameters, name); !done) return done;
        }
    }
    for (const auto& [name, text] : plan.program_texts) {
        if (auto done = write_text(registry, parameters, name, text); !done) return done;
    }
    if (plan.program_arguments) {
        if (auto done = write_lines(registry, parameters, "ProgramArguments", *plan.program_arguments); !done) return done;
    }
    if (!plan.perfmon_dll.empty()) {
        const std::string key = service_key(plan.name) + "\\Performance";
        const std::pair<const char*, std::string> values[] = {{"Library", plan.perfmon_dll},
                                                              {"Open", "OpenPerformanceData"},
                                                              {"Close", "ClosePerformanceData"},
                                                              {"Collect", "CollectPerformanceData"}};
        for (const auto& [name, text] : values) {
            if (auto done = write_text(registry, key, name, text); !done) return done;
        }
    }
    if (event_source_owner(registry, plan.name) == SourceOwner::Others) {
        ports.output.write(
            Stream::Err,
            fmt::format("note: the event source '{}' belongs to another program and stays as it is\n", plan.name));
        return {};
    }
    return register_event_source(registry, plan.name, ports.folders.directory);
}

void precompile(const ServicePlan& plan, CommandPorts& ports) {
    using namespace std::chrono_literals;
    if (plan.source_file.empty() || !plan.python) return;
    ChildRequest request;
    request.program = *plan.python;
    request.arguments = {"-I", "-m", "compileall", "-q", plan.source_file};
    request.limit = 60s;
    // A start with source only is slower and nothing else, so the result does not matter.
    static_cast<void>(ports.child.run(request));
}

std::string start_type_name(std::uint32_t start_type, bool delayed) {
    switch (static_cast<StartType>(start_type)) {
        case StartType::Automatic: return delayed ? "delayed" : "auto";
        case StartType::Manual: return "manual";
        case StartType::Disabled: return "disabled";
    }
    return fmt::format("{}", start_type);
}

Result<void> tolerate_unsupported(Result<void> result, const char* what, bool verbose, Output& output) {
    if (result || result.error().code != ErrorCode::ServiceControlFailed || !is_unsupported(result.error().os_code)) {
        return result;
    }
    if (verbose) output.write(Stream::Err, fmt::format("note: {}: not supported by this system\n", what));
    return {};
}

}  // namespace pysvc
