// SPDX-License-Identifier: MIT
#include "host/commands/service_parts.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/commands/program.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/service_group.hpp"
#include "host/commands/service_log.hpp"
#include "host/locate/layout.hpp"
#include "host/service/class_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace pysvc {
namespace {

void take_plan(ServiceParts& parts, const ServicePlan& plan) {
    const auto take = [](std::string& part, const std::optional<std::string>& planned) {
        if (planned) part = *planned;
    };
    take(parts.account, plan.account);
    take(parts.image_path, plan.image_path);
    take(parts.class_string, plan.class_string);
    take(parts.working_directory, plan.working_directory);
    take(parts.python, plan.python);
    take(parts.group, plan.group);
}

std::string program_target(const ServiceParts& parts, const ServicePlan* plan, CommandPorts& ports) {
    if (program_kind_of(parts.class_string) != "script") return {};
    if (plan != nullptr) {
        const auto planned = std::ranges::find(plan->program_texts, "Program", [](const auto& text) { return text.first; });
        if (planned != plan->program_texts.end()) return planned->second;
    }
    return read_text(ports.registry, parameters_key(parts.name), "Program").value_or("");
}

/// Collects what is to be guarded; paths in the form in which they can be compared.
class Collection {
public:
    explicit Collection(System system) : system_(system) {}

    void file(const std::string& path, const char* use) { add(GuardedKind::File, path, use); }
    void folder(const std::string& path, const char* use) { add(GuardedKind::Folder, path, use); }
    void folder_of(const std::string& path, const char* use) {
        folder(parent_path(system_, normal_path(system_, path)), use);
    }
    void other(GuardedKind kind, std::string name, const char* use) { guarded_.push_back({kind, std::move(name), use}); }
    [[nodiscard]] std::vector<Guarded> take() { return std::move(guarded_); }

private:
    void add(GuardedKind kind, const std::string& path, const char* use) {
        std::string normal = normal_path(system_, path);
        // A relative one means something else for the service than here.
        if (is_full_path(system_, normal)) guarded_.push_back({kind, std::move(normal), use});
    }

    const System system_;
    std::vector<Guarded> guarded_;
};

/// The class's source. A module in site-packages is part of that folder.
void collect_class(const std::string& class_string, Collection& parts) {
    const auto spec = parse_class_spec(class_string);
    if (!spec || spec->directory.empty()) return;
    parts.folder(spec->directory, "the folder of the service's code");
    std::string module = spec->module;
    std::ranges::replace(module, '.', '/');
    for (const char* tail : {".py", "/__init__.py"}) {
        const std::string file = absolute_from(spec->directory, module + tail);
        if (is_file(file)) parts.file(file, "the service's code");
    }
}

void collect_python(const PythonInstallation& python, System system, Collection& parts) {
    parts.file(python.executable, "python.exe");
    parts.file(python.base_executable, "python.exe");
    parts.file(python.dll, "Python's DLL");
    parts.folder_of(python.dll, "the folder of Python's DLL");
    parts.file(python.engine, "the engine");
    if (python.prefix != python.base_prefix) {
        parts.folder(python.prefix, "the virtual environment");
        parts.file(join_path(system, python.prefix, "pyvenv.cfg"), "the environment's pyvenv.cfg");
    }
    for (const std::string& path : python.search_paths) {
        const bool zip = path.ends_with(".zip");
        zip ? parts.file(path, "the standard library") : parts.folder(path, "the standard library");
    }
    for (const std::string& path : python.dll_directories) parts.folder(path, "a folder of DLLs");
    // The standard library is there again; the last one is site-packages.
    const auto sources = source_directories(system, python.base_prefix, python.prefix, python.minor);
    parts.folder(sources.back(), "site-packages");
}

void collect_keys(const ServiceParts& service, CommandPorts& ports, Collection& parts) {
    if (!service.installed) return;
    parts.other(GuardedKind::Service, service.name, "the service");
    const std::pair<std::string, const char*> keys[] = {{service_key(service.name), "the service's key"},
                                                        {python_class_key(service.name), "the name of the class"},
                                                        {parameters_key(service.name), "the service's settings"}};
    for (const auto& [key, use] : keys) {
        if (ports.registry.has_key(key)) parts.other(GuardedKind::Key, key, use);
    }
    if (!service.group.empty()) parts.other(GuardedKind::Key, kGroupsKey, "the names of its group");
}

}  // namespace

ServiceParts parts_of(const std::string& service, const ServicePlan* plan, CommandPorts& ports) {
    ServiceParts parts;
    parts.name = service;
    if (const auto setup = ports.scm.setup(service)) {
        parts.installed = true;
        parts.account = setup->account;
        parts.image_path = setup->image_path;
        parts.group = group_in(setup->image_path);
    }
    parts.class_string = read_text(ports.registry, python_class_key(service), "").value_or("");
    parts.python = read_text(ports.registry, parameters_key(service), "Python").value_or("");
    parts.working_directory = read_text(ports.registry, parameters_key(service), "WorkingDirectory").value_or("");
    parts.log_folder = from_path(to_path(log_file(service, ports)).parent_path());
    if (plan != nullptr) take_plan(parts, *plan);
    parts.script = program_target(parts, plan, ports);
    return parts;
}

std::vector<Guarded> guarded_parts(const ServiceParts& service, const PythonInstallation* python, CommandPorts& ports) {
    Collection parts(ports.system);
    const std::string program = program_of(service.image_path);
    parts.file(program, "the program");
    parts.folder_of(program, "the folder of the program, its engines and its DLLs");
    collect_class(service.class_string, parts);
    if (!service.script.empty()) {
        parts.file(service.script, "the service's code");
        parts.folder_of(service.script, "the folder of the service's code");
    }
    parts.folder(service.working_directory, "the working directory");
    if (python != nullptr) collect_python(*python, ports.system, parts);
    // Before it is there nobody can have changed it, and install makes it for the service alone.
    if (is_folder(service.log_folder)) parts.folder(service.log_folder, "the folder of logs and crash files");
    collect_keys(service, ports, parts);
    return parts.take();
}

std::vector<Exposure> exposures_of(const ServiceParts& parts, const PythonInstallation* python, CommandPorts& ports) {
    std::vector<std::string> trusted;
    for (const std::string& account : {parts.account, "NT SERVICE\\" + parts.name}) {
        if (std::string sid = ports.permissions.sid_of(account); !sid.empty()) trusted.push_back(std::move(sid));
    }
    return find_exposures(ports.system, guarded_parts(parts, python, ports), trusted, ports.permissions);
}

Result<void> check_exposures(const ServicePlan& plan, bool strict, CommandPorts& ports) {
    const ServiceParts parts = parts_of(plan.name, &plan, ports);
    LocateRequest request;
    request.python = parts.python;
    request.exe_directory = ports.folders.directory;
    const auto python = ports.trace_python(request).python;
    const auto exposures = exposures_of(parts, python ? &*python : nullptr, ports);
    if (exposures.empty()) return {};
    std::string text;
    for (const Exposure& exposure : exposures) {
        text += fmt::format("{}{}", strict ? "\n" : "warning: ", exposure_text(exposure, parts.account, ports.permissions));
    }
    if (strict) {
        text.pop_back();
        return failure(ErrorCode::WritableByOthers, 0, fmt::format("'{}', and --strict was given{}", plan.name, text));
    }
    ports.output.write(Stream::Err, text);
    return {};
}

}  // namespace pysvc
