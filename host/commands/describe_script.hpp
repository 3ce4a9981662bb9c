// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/child_process.hpp"
#include "host/service/class_spec.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

/// What a script or class says about the service it defines. Texts that it does not set are empty.
struct ServiceDescription {
    std::string file;       ///< source file; empty when there is none
    std::string directory;  ///< goes to sys.path[0]; for packages the folder above the outermost one
    std::string module;     ///< dotted for packages
    std::string class_name;
    std::string name;
    std::string display_name;
    std::string description;
    std::vector<std::string> dependencies;
    std::string exe_name;
    std::string exe_args;
    bool has_exe_name = false;         ///< _exe_name_ is set, known or not
    bool has_command_line = false;     ///< it calls HandleCommandLine
    bool imported = false;             ///< a value was no literal
    std::string import_error;          ///< why importing failed; the values that needed it are then unknown
    std::vector<std::string> unknown;  ///< names of those values: "name", "display_name", ...
};

/// The class string for the registry: `directory\module.Class`.
[[nodiscard]] std::string class_string_of(const ServiceDescription& description);

/// Runs `python` (60 s at most) to read the syntax tree of a script. `class_name` picks one of several classes; empty:
/// the only one. Errors: NoServiceClass, SeveralServiceClasses (context lists them), DescribeFailed with Python's own
/// message, DescribeTimedOut. The script is executed only when a _svc_..._ value of the class is no literal.
[[nodiscard]] Result<ServiceDescription> describe_script(const std::string& python, const std::string& script,
                                                         const std::string& class_name, ChildProcess& child);

/// The same for a class by its module, which is searched in spec.directory and on sys.path of `python`.
[[nodiscard]] Result<ServiceDescription> describe_class(const std::string& python, const ClassSpec& spec,
                                                        ChildProcess& child);

/// The class that runs a program without one, described like a class: `kind` and `target` as in ProgramRequest,
/// `directory` absolute or empty. Whether all that it needs is there is found without executing any of it;
/// ProgramNotRunnable says what is missing.
[[nodiscard]] Result<ServiceDescription> examine_program(const std::string& python, const std::string& kind,
                                                          const std::string& directory, const std::string& target,
                                                          const std::string& control_hook, ChildProcess& child);

/// Takes the answer of the child apart. Lines that are none of ours are skipped; without the last line it is void.
[[nodiscard]] Result<ServiceDescription> parse_description(std::string_view answer);

/// The Python program that is given to the child, on its standard input.
[[nodiscard]] std::string_view describe_program();

}  // namespace pysvc
