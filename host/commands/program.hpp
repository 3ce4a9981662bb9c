// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/requests.hpp"
#include "host/commands/subject.hpp"
#include "host/service/registry_editor.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pysvc {

// Programs without a service class. Each kind is run by the class of that name in pythonservice.programs; what it runs
// and how are values of the service's Parameters.

/// "script" of `C:\x\pythonservice.programs.script.Program`; empty for every other class.
[[nodiscard]] std::string program_kind_of(std::string_view class_string);

/// The kind that an installed service has; empty when it has a class of its own.
[[nodiscard]] std::string installed_program_kind(RegistryEditor& registry, const std::string& service);

/// What `request` names. Modules are looked for in `working_directory` when it is given, else in `current` if they are
/// there, and then in the installation. FileNotFound for a script that is not there.
[[nodiscard]] Result<Subject> program_subject(const ProgramRequest& request, const std::string& working_directory,
                                              const std::string& current);

/// Usage errors: an option that programs of this `kind` (empty: a class) have no use for, or a bad value.
[[nodiscard]] Result<void> check_program(const ProgramRequest& request, const std::string& kind);

/// Usage error for a program in a group: signals, sys.argv and __main__ are there once in a process.
[[nodiscard]] Result<void> check_program_group(const std::string& kind, const std::string& group);

/// The settings of `request` that are one text, by their names in the registry; those that were not given are missing.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> program_texts(const ProgramRequest& request,
                                                                            const std::string& target);

/// "script C:\x\app.py --fast", for people.
[[nodiscard]] std::string program_text(const std::string& kind, const std::string& target,
                                       const std::vector<std::string>& arguments);

}  // namespace pysvc
