// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/locate/python_trace.hpp"
#include "host/service/child_process.hpp"
#include "host/service/clock.hpp"
#include "host/service/permissions.hpp"
#include "host/service/program_folders.hpp"
#include "host/service/registry_editor.hpp"
#include "host/service/scm_client.hpp"
#include "host/service/service_config.hpp"
#include "host/service/terminal.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pysvc {

/// What decides which Python a service gets, in the order of DESIGN 6.
struct PythonQuery {
    std::string named;             ///< --python, a path or a version; may be empty
    std::string stored;            ///< Parameters\Python of an installed service; may be empty
    std::string script_directory;  ///< where a pyvenv.cfg or .venv is looked for; may be empty
};

struct PythonChoice {
    std::string executable;  ///< absolute path of python.exe
    std::string reason;      ///< shown to people: "the active virtual environment"
};

/// Port: host/locate, composed by main.
using PythonFinder = std::function<Result<PythonChoice>(const PythonQuery&)>;

/// What `debug` was asked to host.
struct DebugRequest {
    std::string service_name;
    std::optional<std::string> class_string;  ///< nullopt: the one in the service's registry key
    std::vector<std::string> args;            ///< what follows the service's name in the constructor's tuple
    std::string python;                       ///< full path of the python.exe that was chosen; empty: locate decides
    std::string script_directory;             ///< the script's folder; empty for an installed service
    std::string working_directory;            ///< --working-directory; may be empty
    std::vector<NamedValue> parameters;       ///< stand in for those of the service's registry key
};

/// Everything the commands touch. All references outlive run_cli().
struct CommandPorts {
    ScmClient& scm;
    RegistryEditor& registry;
    ChildProcess& child;
    Output& output;
    Interrupts& interrupts;
    Permissions& permissions;
    System system;  ///< whose rules hold for paths
    Clock& clock;
    PythonFinder find_python;
    std::function<PythonTrace(const LocateRequest&)> trace_python;
    /// What the start of an installed service asks for.
    std::function<LocateRequest(const std::string& service)> request_of_service;
    ProgramFolders folders;
    std::function<Result<void>(const std::string& folder, const std::string& account)> make_private_folder;
    std::function<Result<std::string>(const std::string& path)> local_path;
    std::function<int(const DebugRequest&)> debug;  ///< its result is the exit code of the process
};

}  // namespace pysvc
