// SPDX-License-Identifier: MIT
// Where the parts of a Python installation lie, on Windows and elsewhere.
#pragma once

#include "host/locate/file_probe.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

/// How CPython was compiled, as far as it decides the ABI: an engine fits one of them only.
enum class PythonBuild {
    Regular,
    FreeThreaded,  ///< python313t.dll
    Debug,         ///< python313_d.dll; also a debug build of a free-threaded one
};

/// What an engine must have been built for. The major version is 3.
struct PythonAbi {
    int minor = 0;
    PythonBuild build = PythonBuild::Regular;
    friend bool operator==(const PythonAbi&, const PythonAbi&) = default;
};

/// A Python library that was seen in an installation.
struct PythonLibrary {
    std::string path;
    PythonAbi abi;
};

/// Interpreters to look for, relative to the directory of an installation or environment; the best first.
[[nodiscard]] std::vector<std::string> interpreter_names(System system);

/// The same inside a virtual environment.
[[nodiscard]] std::vector<std::string> environment_interpreter_names(System system);

/// The prefix of the installation that `base_executable` (links resolved) belongs to.
[[nodiscard]] std::string base_prefix_of(System system, const std::string& base_executable);

/// Directories below `base_prefix` that may hold the Python library.
[[nodiscard]] std::vector<std::string> library_directories(System system, std::uint16_t machine,
                                                           const std::string& base_prefix);

/// The number that stands between `head` and `tail` in `name`; nullopt when `name` is anything else.
[[nodiscard]] std::optional<int> number_between(std::string_view name, std::string_view head, std::string_view tail);

/// What the name of a library tells: python313t.dll, libpython3.13t.so.1.0. nullopt for other names, also for
/// python3.dll, which is there for all minors.
[[nodiscard]] std::optional<PythonAbi> abi_of_library(System system, const std::string& name);

/// What the name of an interpreter tells about its build: python3.13t.exe, python_d.exe; nullopt for python.exe.
[[nodiscard]] std::optional<PythonBuild> build_of_interpreter(std::string_view name);

/// All Python libraries of an installation.
[[nodiscard]] std::vector<PythonLibrary> python_libraries(const std::string& base_prefix, FileProbe& probe);

/// One of these must exist, or Py_Initialize fails: the directory Lib\encodings or the zipped standard library.
[[nodiscard]] std::vector<std::string> library_landmarks(System system, const std::string& base_prefix,
                                                         const PythonAbi& abi);

/// What python.exe of this installation has on sys.path before site adds to it.
[[nodiscard]] std::vector<std::string> standard_search_paths(System system, const std::string& base_prefix,
                                                             const PythonAbi& abi);

/// Where Python sources lie: the standard library, and the site-packages of the environment.
[[nodiscard]] std::vector<std::string> source_directories(System system, const std::string& base_prefix,
                                                          const std::string& prefix, int minor);

/// Directories that DLLs of extension modules are looked for in, besides their own: python.exe finds those beside
/// itself because it is the program; here the program is our EXE. Conda adds its own.
[[nodiscard]] std::vector<std::string> dll_search_directories(const std::string& base_prefix, FileProbe& probe);

}  // namespace pysvc
