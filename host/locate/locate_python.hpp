// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/locate/file_probe.hpp"

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
    std::vector<std::string> search_paths;     ///< python.exe's sys.path before site; none with a ._pth file
    std::vector<std::string> dll_directories;  ///< for AddDllDirectory; conda's are for PATH as well
    std::string reason;                        ///< why this one, for people: "named by --python"
};

/// Service: only what an administrator decided counts. Interactive: install and debug, which also look at the shell's
/// environment and at every parent directory.
enum class LocateMode { Service, Interactive };

struct LocateRequest {
    std::string python;                      ///< named explicitly: a python.exe, an installation, an environment
    std::string python_origin = "--python";  ///< what named it, for people
    std::string script_directory;            ///< of the service's script; empty: unknown
    std::string exe_directory;               ///< of this EXE; the engines lie there
    LocateMode mode = LocateMode::Service;
};

/// Which Python runs the service: the first of
///   1. the one named explicitly (--python, or stored by install),
///   2. interactive: VIRTUAL_ENV, then CONDA_PREFIX,
///   3. an environment (pyvenv.cfg) beside or above the script, or in .venv or venv there,
///   4. the same for the EXE,
///   5. python3XX.dll beside the EXE, or the Python in whose site-packages the EXE lies,
///   6. a registered Python (PEP 514; in a service those for all users) that passes all checks.
/// At a service start "above" is one parent at most: whoever may write further up must not choose what runs.
/// A candidate of 1 to 5 that exists but cannot be used is the result, as an error: falling through would run the
/// service with a Python nobody meant. Errors: PythonNotFound (with all places looked at) and those of examine_python.
[[nodiscard]] Result<PythonInstallation> locate_python(const LocateRequest& request, FileProbe& probe);

/// Checks one candidate: a python.exe, or the directory of an installation or an environment. Fails with
/// PythonNotFound, PythonFromStore, PythonUnreadable (os_code of the refusal), PythonWrongArchitecture (os_code 193, as
/// the loader would say), PythonNoStandardLibrary, EngineNotFound.
[[nodiscard]] Result<PythonInstallation> examine_python(const std::string& path, const std::string& reason,
                                                        const std::string& exe_directory, FileProbe& probe);

/// File name of the engine for a minor: "servicemanager.cp313-win_amd64.pyd".
[[nodiscard]] std::string engine_file_name(System system, std::uint16_t machine, int minor);

/// Minors of the engines beside the EXE, ascending.
[[nodiscard]] std::vector<int> engine_minors(const std::string& exe_directory, FileProbe& probe);

}  // namespace pysvc
