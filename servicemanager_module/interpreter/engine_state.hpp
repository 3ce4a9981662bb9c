// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"
#include "servicemanager_module/interpreter/line_splitter.hpp"
#include "servicemanager_module/interpreter/python.hpp"

#include <set>
#include <string>
#include <vector>

namespace pysvc::py {

/// A thread that runs the code of a service: what raise_system_exit needs to know.
struct RunningCode {
    const void* service;
    unsigned long thread;
};

/// Everything this binary knows, behind its only global. Lives until the process ends: Python threads may still call
/// in while the interpreter is being finalised. Members below `main_thread` are used under the GIL only.
struct EngineState {
    const pysvc_host_api* host = nullptr;  ///< NULL only under python.exe, until a function first needs it.
    bool built_in = false;                 ///< Opened by the EXE, which runs the interpreter through us.

    LineSplitter output;  ///< sys.stdout
    LineSplitter errors;  ///< sys.stderr

    PyThreadState* main_thread = nullptr;  ///< py-main's, while it is parked outside Python; py-main only.

    bool capture_streams = false;
    bool streams_installed = false;
    bool finder_installed = false;
    bool flush_failed = false;
    std::vector<RunningCode> running;
    std::set<std::string> directories;  ///< Folders of class strings that are on sys.path already.

    // Python objects; released at the end of the atexit functions, so that none outlives the interpreter.
    pb::object startup_error;
    pb::object import_hooks;  ///< dict: names of modules to functions (import_hooks.hpp); empty until the first of them
};

/// The engine's state, or NULL before it was opened or imported.
[[nodiscard]] EngineState* engine() noexcept;

/// Makes the state at the first call. pysvc_open_engine, or the module's init under python.exe.
EngineState& create_engine(const pysvc_host_api* host, bool built_in);

/// The host behind this module. Throws std::runtime_error (in Python: RuntimeError) where there is none. GIL.
[[nodiscard]] const pysvc_host_api& host();

}  // namespace pysvc::py
