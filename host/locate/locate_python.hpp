// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/locate/file_probe.hpp"
#include "host/locate/layout.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

enum class PythonKind {
    Full,
    VirtualEnvironment,
    Embeddable,  ///< with a ._pth file, which alone decides sys.path
    Conda,
};

/// A Python that passed every check made without loading it. Paths are absolute and normal.
struct PythonInstallation {
    PythonKind kind = PythonKind::Full;
    std::string executable;       ///< sys.executable: the environment's python.exe
    std::string base_executable;  ///< the base installation's
    std::string prefix;           ///< what sys.prefix must become
    std::string base_prefix;
    std::string dll;     ///< python3XX.dll, libpython3.XX.so.1.0
    std::string engine;  ///< the engine for this minor
    int minor = 0;
    PythonBuild build = PythonBuild::Regular;
    std::string profile;                    ///< folder of the user in whose profile it lies; empty: it is nobody's own
    std::vector<std::string> search_paths;  ///< python.exe's sys.path before site; none with a ._pth file
    std::vector<std::string> dll_directories;  ///< for AddDllDirectory; conda's are for PATH as well
    std::string reason;                        ///< why this one, for people: "named by --python"
};

/// Service: only what an administrator decided counts. Interactive: install and debug, which also look at the shell's
/// environment and at every parent directory.
enum class LocateMode { Service, Interactive };

/// Where install stores its choice: LocateRequest::python_origin of an installed service.
inline constexpr char kStoredPython[] = "Parameters\\Python";

struct LocateRequest {
    /// Named explicitly: a python.exe, an installation, an environment; interactively also a version ("3.13").
    std::string python;
    std::string python_origin = "--python";  ///< what named it, for people
    std::string script_directory;            ///< of the service's script; empty: unknown
    std::string exe_directory;               ///< of this EXE; the engines lie there
    LocateMode mode = LocateMode::Service;
};

/// Which Python runs the service: the first of
///   1. the one named explicitly (--python, or stored by install); a version is looked for among those of 6,
///   2. interactive: VIRTUAL_ENV, then CONDA_PREFIX,
///   3. an environment (pyvenv.cfg) beside or above the script, or in .venv or venv there,
///   4. the same for the EXE,
///   5. python3XX.dll beside the EXE, or the Python in whose site-packages the EXE lies,
///   6. a registered Python (PEP 514; in a service those for all users; interactively also those of Python's install
///      manager and of uv) that passes all checks.
/// At a service start "above" is one parent at most: whoever may write further up must not choose what runs.
/// What is named for a service must be a full path. A candidate of 1 to 5 that exists but cannot be used is the result,
/// as an error: falling through would run the service with a Python nobody meant. Errors: PythonNotFound (with all
/// places looked at) and those of examine_python.
[[nodiscard]] Result<PythonInstallation> locate_python(const LocateRequest& request, FileProbe& probe);

/// Checks one candidate: a python.exe, or the directory of an installation or an environment. Fails with
/// PythonNotFound, PythonFromStore, PythonUnreadable (os_code of the refusal), PythonWrongArchitecture (os_code 193, as
/// the loader would say), PythonNoStandardLibrary, EngineNotFound (also for builds and implementations that no engine
/// can be made for).
[[nodiscard]] Result<PythonInstallation> examine_python(const std::string& path, const std::string& reason,
                                                        const std::string& exe_directory, FileProbe& probe);

}  // namespace pysvc
