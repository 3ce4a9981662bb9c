// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/host_api.h"

#include <string>

namespace pysvc {

/// Port: what loading Python does to this process. PythonLoader calls these on py-main, in the order in which they
/// stand here.
class NativeLoader {
public:
    virtual ~NativeLoader() = default;

    /// Sets an environment variable where os.environ and child processes will see it.
    virtual void set_variable(const std::string& name, const std::string& value) = 0;

    /// DLLs of extension modules are looked for in `directory`, too (AddDllDirectory).
    virtual void add_dll_directory(const std::string& directory) = 0;

    /// Standard handles that Python and child processes cannot use become inheritable handles of the null device.
    virtual void repair_standard_handles() = 0;

    /// Loads Python's library by full path, for the life of the process, and makes sure that it is that file. Fails
    /// with PythonLoadFailed.
    virtual Result<void> load_python(const std::string& library) = 0;

    /// Makes descriptors 0 to 2 of the C library that Python uses usable; an unusable 2 becomes `crash_log`, so that
    /// what C code writes there can be read. Needs the library.
    virtual void repair_descriptors(const std::string& crash_log) = 0;

    /// What the loaded library calls itself (Py_GetVersion), without the compiler: "3.13.5". May be empty.
    virtual std::string python_version() = 0;

    /// Loads the engine likewise and finds its entry. Fails with EngineLoadFailed.
    virtual Result<pysvc_open_engine_function> load_engine(const std::string& engine) = 0;

    /// The interpreter runs, with faulthandler enabled: stacks may be asked for from now on (stacks.hpp).
    virtual void interpreter_started() = 0;

    /// The account of this process, for people.
    virtual std::string account() = 0;
};

}  // namespace pysvc
