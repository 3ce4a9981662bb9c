// SPDX-License-Identifier: MIT
#include "host/base/text.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/program.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "host/commands/service_group.hpp"
#include "host/commands/service_parts.hpp"
#include "host/commands/service_plan.hpp"
#include "host/commands/settled_paths.hpp"
#include "host/commands/subject.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace pysvc {
namespace {

/// Collects "what: old -> new" and tells whether there is a difference at all.
class Changes {
public:
    bool add(const char* what, const std::string& before, const std::string& after) {
        if (before == after) return false;
        lines_.push_back(fmt::format("  {}: {} -> {}\n", what, before.empty() ? "(none)" : before,
                                     after.empty() ? "(none)" : after));
        return true;
    }
    void note(const char* what) { lines_.push_back(fmt::format("  {}\n", what)); }
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

private:
    std::vector<std::string> lines_;
};

/// Keeps in `plan` only what differs, and says so.
ServiceChanges scm_changes(const ServicePlan& plan, const ServiceSetup& setup, Changes& changes) {
    ServiceChanges out;
    if (plan.display_name && changes.add("display name", setup.display_name, *plan.display_name)) {
        out.display_name = plan.display_name;
    }
    if (plan.image_path && changes.add("command line", setup.image_path, *plan.image_path)) {
        out.image_path = plan.image_path;
    }
    if (plan.service_type &&
        changes.add("type", fmt::format("{:#x}", setup.service_type), fmt::format("{:#x}", *plan.service_type))) {
        out.service_type = plan.service_type;
    }
    if (plan.start_type &&
        changes.add("start type", start_type_name(setup.start_type, setup.delayed),
                    start_type_name(static_cast<std::uint32_t>(*plan.start_type), plan.delayed.value_or(false)))) {
        out.start_type = plan.start_type;
    }
    if (plan.dependencies && changes.add("dependencies", fmt::format("{}", fmt::join(setup.dependencies, ", ")),
                                         fmt::format("{}", fmt::join(*plan.dependencies, ", ")))) {
        out.dependencies = plan.dependencies;
    }
    if (plan.account) {
        changes.add("account", setup.account, *plan.account);
        out.account = plan.account;
        if (plan.password && !plan.password->reveal().empty()) changes.note("password: set");
        out.password = plan.password;
    }
    return out;
}

bool is_empty(const ServiceChanges& changes) {
    return !changes.display_name && !changes.image_path && !changes.service_type && !changes.start_type &&
           !changes.dependencies && !changes.account;
}

void note_registration(const ServicePlan& plan, RegistryEditor& registry, Changes& changes) {
    const std::string parameters = parameters_key(plan.name);
    const auto compare = [&](const char* what, const std::string& key, const char* name,
                             const std::optional<std::string>& wanted) {
        if (wanted) changes.add(what, read_text(registry, key, name).value_or(""), *wanted);
    };
    compare("class", python_class_key(plan.name), "", plan.class_string);
    compare("Python", parameters, "Python", plan.python);
    compare("working directory", parameters, "WorkingDirectory", plan.working_directory);
    for (const auto& [name, text] : plan.program_texts) compare(name.c_str(), parameters, name.c_str(), text);
    if (plan.program_arguments) {
        const auto before = read_lines(registry, parameters, "ProgramArguments").value_or(std::vector<std::string>());
        changes.add("ProgramArguments", fmt::format("{}", fmt::join(before, " ")),
                    fmt::format("{}", fmt::join(*plan.program_arguments, " ")));
    }
}

bool changes_group(const ServicePlan& plan) { return !equal_ignoring_case(plan.former_group, *plan.group); }

/// At every moment the list of the group in the ImagePath has the service's name in it.
Result<void> change_in_scm(const ServicePlan& plan, const ServiceChanges& changes, CommandPorts& ports) {
    if (!plan.group->empty()) {
        if (auto done = join_group(ports.registry, *plan.group, plan.name); !done) return done;
    }
    if (!is_empty(changes)) {
        if (auto done = ports.scm.change(plan.name, changes); !done) {
            if (changes_group(plan)) static_cast<void>(leave_group(ports.registry, *plan.group, plan.name));
            return done;
        }
    }
    return changes_group(plan) ? leave_group(ports.registry, plan.former_group, plan.name) : Result<void>();
}

Result<void> apply_extras(const ServicePlan& plan, const ServiceSetup& setup, Changes& changes, CommandPorts& ports) {
    if (plan.description && changes.add("description", setup.description, *plan.description)) {
        if (auto done = ports.scm.set_description(plan.name, *plan.description); !done) return done;
    }
    if (plan.delayed && *plan.delayed != setup.delayed) {
        auto done = ports.scm.set_delayed_start(plan.name, *plan.delayed);
        return tolerate_unsupported(std::move(done), "delayed start", *plan.delayed, ports.output);
    }
    return {};
}

/// With a program the subject is the name of the service, if it is needed at all.
Result<Subject> program_of_update(InstallRequest& request, CommandPorts& ports) {
    if (!request.subject.empty()) {
        auto name = ports.scm.key_name(request.subject);
        if (!name) return failure(name.error());
        request.name = std::move(*name);
    }
    return program_subject(request.program, request.working_directory, ports.folders.current);
}

Result<Subject> subject_of_update(InstallRequest& request, CommandPorts& ports) {
    if (!request.program.kind.empty()) return program_of_update(request, ports);
    if (request.subject.empty()) return default_subject(ports.folders);
    // A service's name may have a dot in it; what is installed is what is meant here.
    if (const auto name = ports.scm.key_name(request.subject)) {
        Subject subject;
        subject.text = *name;
        return subject;
    }
    return resolve_subject(request.subject, ports.folders.current);
}

}  // namespace

Result<int> apply_update(const ServicePlan& plan, CommandPorts& ports) {
    const auto setup = ports.scm.setup(plan.name);
    if (!setup) return failure(setup.error());
    Changes changes;
    const ServiceChanges in_scm = scm_changes(plan, *setup, changes);
    changes.add("group", plan.former_group, *plan.group);
    if (auto done = change_in_scm(plan, in_scm, ports); !done) return failure(done.error());
    if (auto done = apply_extras(plan, *setup, changes, ports); !done) return failure(done.error());
    note_registration(plan, ports.registry, changes);
    if (auto done = write_registration(plan, ports); !done) return failure(done.error());
    precompile(plan, ports);

    ports.output.write(Stream::Out,
                       fmt::format("{}: {}\n", plan.name, changes.lines().empty() ? "unchanged" : "updated"));
    for (const std::string& line : changes.lines()) ports.output.write(Stream::Out, line);
    note_running_group(plan, ports);
    const auto status = ports.scm.status(plan.name);
    if (!changes.lines().empty() && status && status->state != State::Stopped) {
        ports.output.write(Stream::Err, fmt::format("note: it takes effect with the next start: PythonService restart "
                                                    "{}\n",
                                                    plan.name));
    }
    return 0;
}

Result<int> update_command(InstallRequest request, CommandPorts& ports) {
    auto subject = subject_of_update(request, ports);
    if (!subject) return failure(subject.error());
    if (auto settled = settle_paths(*subject, request, ports); !settled) return failure(settled.error());
    const std::string kind = subject->kind == SubjectKind::Service
                                 ? installed_program_kind(ports.registry, subject->text)
                                 : request.program.kind;
    if (auto checked = check_program(request.program, kind); !checked) return failure(checked.error());
    std::optional<DescribedSubject> described;
    if (subject->kind == SubjectKind::Service) {
        request.name = subject->text;
        if (!request.python.empty()) {
            auto python = ports.find_python({request.python, {}, {}});
            if (!python) return failure(python.error());
            request.python = python->executable;
        }
    } else {
        auto found = describe_for_install(*subject, request, ports);
        if (!found) return failure(found.error());
        described = std::move(*found);
    }
    auto plan = make_plan(request, described ? &*described : nullptr, ports.folders);
    if (!plan) return failure(plan.error());
    const auto setup = ports.scm.setup(plan->name);
    if (!setup) return failure(setup.error());
    if (auto settled = settle_group(*plan, &*setup, ports); !settled) return failure(settled.error());
    if (auto checked = check_program_group(kind, *plan->group); !checked) return failure(checked.error());
    if (auto settled = settle_paths(*plan, ports); !settled) return failure(settled.error());
    if (auto checked = check_exposures(*plan, request.strict, ports); !checked) return failure(checked.error());
    const auto password = get_password(request, ports.output);
    if (!password) return failure(password.error());
    plan->password = &*password;
    const auto code = apply_update(*plan, ports);
    if (!code || *code != 0 || !request.start) return code;
    return start_command({plan->name, {}, request.wait}, ports);
}

}  // namespace pysvc
