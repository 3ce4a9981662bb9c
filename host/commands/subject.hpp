// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/describe_script.hpp"
#include "host/commands/ports.hpp"
#include "host/service/class_spec.hpp"

#include <string>

namespace pysvc {

enum class SubjectKind { Script, Class, Service, Program };

/// What `install`, `update` and `debug` are about.
struct Subject {
    SubjectKind kind = SubjectKind::Service;
    std::string text;        ///< Script: its absolute path; Service: its name; Class: as typed; Program: what it runs
    std::string class_name;  ///< Script given as FILE:CLASS
    ClassSpec spec;          ///< Class; its directory is absolute or empty, a Program's too
    std::string program_kind;  ///< Program
    std::string control_hook;  ///< Program
};

/// DESIGN 9: an existing file, else with `:` or `.` a class, else a service name. A class without a folder is looked
/// for in `current` first. FileNotFound for what can only be a missing file.
[[nodiscard]] Result<Subject> resolve_subject(const std::string& text, const std::string& current);

/// The same where an installed service is meant as well as a script: its name may have a dot in it.
[[nodiscard]] Result<Subject> resolve_script_or_service(const std::string& text, CommandPorts& ports);

/// Key name of an installed service given by key or display name.
[[nodiscard]] Result<std::string> installed_name(const std::string& text, CommandPorts& ports);

/// The script that `install` without a subject means: `<EXE name>.py` beside the EXE, else the only script in the
/// current folder that has a service class. The Usage error says what was found.
[[nodiscard]] Result<Subject> default_subject(const ProgramFolders& folders);

/// True when the outermost package of `module` lies in `folder`.
[[nodiscard]] bool is_module_in(const std::string& folder, const std::string& module);

/// Folder in which virtual environments are looked for, and the working directory of the service; may be empty.
[[nodiscard]] std::string folder_of(const Subject& subject);

/// A described subject and the Python that described it.
struct DescribedSubject {
    ServiceDescription description;
    PythonChoice python;
    std::string folder;
    std::string target;  ///< of a Program: what it runs, a script with its absolute path
};

/// Chooses the Python and lets it describe a Script or Class.
[[nodiscard]] Result<DescribedSubject> describe_subject(const Subject& subject, const PythonQuery& query,
                                                        CommandPorts& ports);

}  // namespace pysvc
