// SPDX-License-Identifier: MIT
#include "host/base/text.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/python_report.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/service_parts.hpp"
#include "host/commands/settled_paths.hpp"
#include "host/commands/subject.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pysvc {
namespace {

/// What is examined: an installed service, or what could become one.
struct Patient {
    std::string name;
    bool installed = false;
    std::string account;  ///< of an installed service; empty: not known
    LocateRequest request;
};

Result<Patient> patient_of(const DoctorRequest& request, CommandPorts& ports) {
    Patient patient;
    patient.request.mode = LocateMode::Interactive;
    patient.request.exe_directory = ports.folders.directory;
    if (request.subject.empty()) {
        patient.name = patient.request.script_directory = ports.folders.current;
        return patient;
    }
    auto subject = resolve_script_or_service(request.subject, ports);
    if (!subject) return failure(subject.error());
    patient.name = subject->text;
    if (subject->kind != SubjectKind::Service) {
        patient.request.script_directory = folder_of(*subject);
        return patient;
    }
    auto name = installed_name(subject->text, ports);
    if (!name) return failure(name.error());
    patient.name = std::move(*name);
    patient.installed = true;
    patient.request = ports.request_of_service(patient.name);
    if (const auto setup = ports.scm.setup(patient.name)) patient.account = setup->account;
    return patient;
}

bool is_system(const std::string& account) { return account.empty() || equal_ignoring_case(account, "LocalSystem"); }

/// "C:\Users\joe" and ".\joe".
bool is_profile_of(const std::string& profile, const std::string& account) {
    const auto last = [](const std::string& path) { return path.substr(path.find_last_of("\\/") + 1); };
    return equal_ignoring_case(last(profile), last(account));
}

/// What can go wrong with the chosen Python although it is a good one.
std::optional<std::string> warning_for(const PythonInstallation& python, const Patient& patient) {
    const std::string& account = patient.account;
    if (python.profile.empty() || is_profile_of(python.profile, account)) return std::nullopt;
    std::string text = fmt::format("this Python needs files in a user's own folder, '{}'. ", python.profile);
    if (!patient.installed) {
        text +=
            "Windows lets only that user, LocalSystem and administrators read them: a service under LocalService, "
            "NetworkService, a virtual account or another user will not start";
    } else if (is_system(account)) {
        text += "LocalSystem can read them, but whatever that user changes there runs as LocalSystem";
    } else {
        text += fmt::format("As a rule '{}' may not read them, and then the service does not start", account);
    }
    return text + "; next step: install Python for all users and name it with --python";
}

/// What install would take for the service if it were new; nullopt when that is the same.
std::optional<PythonInstallation> other_choice(const PythonTrace& trace, const Patient& patient, CommandPorts& ports) {
    if (!patient.installed) return std::nullopt;
    LocateRequest request = patient.request;
    request.mode = LocateMode::Interactive;
    request.python.clear();
    auto interactive = ports.trace_python(request).python;
    if (!interactive || (trace.python && trace.python->executable == interactive->executable)) return std::nullopt;
    return *std::move(interactive);
}

/// The SCM tries the parts of an unquoted command line up to each blank as programs: C:\my.exe for C:\my dir\host.exe
/// (CWE-428).
std::optional<std::string> warning_for_command_line(const ServiceParts& parts) {
    const std::string& line = parts.image_path;
    const std::string program = program_of(line);
    if (line.starts_with('"') || program.find(' ') == std::string::npos) return std::nullopt;
    const std::string quoted = quote_argument(image_path(program, arguments_of(line)));
    return fmt::format("the command line of the service is not in quotes: {}\n  why it matters: Windows may start another "
                       "program, '{}.exe'\n  to end it: sc.exe config {} binPath= {}",
                       line, program.substr(0, program.find(' ')), quote_argument(parts.name), quoted);
}

/// What is wrong with an installed service besides its Python.
struct Findings {
    ServiceParts parts;
    std::optional<std::string> command_line;
    std::vector<std::string> paths;
    std::vector<Exposure> exposures;
};

Findings findings_for(const Patient& patient, const PythonTrace& trace, CommandPorts& ports) {
    if (!patient.installed) return {};
    Findings findings{parts_of(patient.name, nullptr, ports), {}, {}, {}};
    findings.paths = refused_paths_of(patient.name, ports);
    findings.command_line = warning_for_command_line(findings.parts);
    findings.exposures = exposures_of(findings.parts, trace.python ? &*trace.python : nullptr, ports);
    return findings;
}

void print_warnings(const Findings& findings, CommandPorts& ports) {
    const auto warn = [&](const std::string& text) { ports.output.write(Stream::Err, fmt::format("warning: {}", text)); };
    if (findings.command_line) warn(*findings.command_line + "\n");
    for (const std::string& path : findings.paths) warn(path + "\n");
    for (const Exposure& exposure : findings.exposures) {
        warn(exposure_text(exposure, findings.parts.account, ports.permissions));
    }
}

}  // namespace

Result<int> doctor_command(const DoctorRequest& request, CommandPorts& ports) {
    const auto patient = patient_of(request, ports);
    if (!patient) return failure(patient.error());
    const PythonTrace trace = ports.trace_python(patient->request);
    const auto warning = trace.python ? warning_for(*trace.python, *patient) : std::nullopt;
    const auto other = other_choice(trace, *patient, ports);
    const Findings findings = findings_for(*patient, trace, ports);

    if (request.json) {
        JsonObject object;
        object.text("subject", patient->name)
            .text("rules", patient->installed ? "service" : "interactive")
            .text("account", patient->account);
        add_python_report(object, trace);
        object.text("warning", warning.value_or(""));
        object.text("install_would_choose", other ? other->executable : "");
        object.text("command_line_warning", findings.command_line.value_or(""));
        object.raw("path_warnings", json_array(findings.paths));
        object.raw("exposures", exposures_json(findings.exposures, ports.permissions));
        ports.output.write(Stream::Out, object.str() + "\n");
    } else {
        const char* rules = patient->installed ? "a service start" : "install and debug";
        ports.output.write(Stream::Out, fmt::format("Python for '{}', by the rules of {}\n", patient->name, rules));
        if (!patient->account.empty()) {
            ports.output.write(Stream::Out, fmt::format("account: {}\n", patient->account));
        }
        ports.output.write(Stream::Out, python_report(trace));
        if (other) {
            ports.output.write(Stream::Out, fmt::format("if it were installed anew from here: {} ({}; {})\n",
                                                        other->executable, describe(*other), other->reason));
        }
        if (warning) ports.output.write(Stream::Err, fmt::format("warning: {}\n", *warning));
        print_warnings(findings, ports);
    }
    if (!trace.python) return failure(trace.python.error());
    return 0;
}

}  // namespace pysvc
