// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/lifetime.hpp"

#include "host/base/result.hpp"
#include "servicemanager_module/interpreter/audit.hpp"
#include "servicemanager_module/interpreter/config.hpp"
#include "servicemanager_module/interpreter/crash_log.hpp"
#include "servicemanager_module/interpreter/embedded_modules.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/exception_hooks.hpp"
#include "servicemanager_module/interpreter/failure.hpp"
#include "servicemanager_module/interpreter/platform.hpp"
#include "servicemanager_module/interpreter/python.hpp"
#include "servicemanager_module/interpreter/streams.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/win32service_finder.hpp"

#include <exception>
#include <string>

extern "C" PyObject* PyInit_servicemanager();
extern "C" PyObject* PyInit__pythonservice();

namespace pysvc::py {
namespace {

/// A venv that CPython did not recognise starts the base installation without a word (3.14 with forward slashes in
/// `executable`); the class would then run with the wrong packages.
Result<void> check_prefix(std::string_view expected) {
    if (expected.empty()) return {};
    const pb::object path = pb::module_::import("os").attr("path");
    const auto comparable = [&](const pb::object& text) {
        // normcase ignores case on Windows and only there.
        return path.attr("normcase")(path.attr("normpath")(text));
    };
    const pb::object prefix = pb::module_::import("sys").attr("prefix");
    if (comparable(prefix).equal(comparable(str_of(expected)))) return {};
    return failure(ErrorCode::PrefixMismatch, 0,
                   "sys.prefix is '" + utf8_of(prefix) + "', expected '" + std::string(expected) + "'");
}

/// Runs as the last atexit function: user code has ended, the interpreter is still whole.
void release_python_objects() {
    EngineState& state = *engine();
    state.flush_failed = !flush_streams();
    state.startup_error = {};
    state.import_hooks = {};
}

Result<void> prepare(EngineState& state, const pysvc_interpreter_config& config) {
    // Layouts without site never raised the audit event.
    install_streams(state);
    if (auto prefix = check_prefix(view_of(config.expected_prefix)); !prefix) return prefix;
    enable_crash_log(state, view_of(config.crash_log));
    // atexit is last in, first out: what registers first runs after everyone else.
    pb::module_::import("atexit").attr("register")(pb::cpp_function(&release_python_objects));
    pb::module_::import("servicemanager");
    install_embedded_modules();
    install_exception_hooks(state);
    install_win32service_finder(state);
    return {};
}

/// prepare(), with whatever it throws as an Error.
Result<void> prepare_caught(EngineState& state, const pysvc_interpreter_config& config) {
    try {
        return prepare(state, config);
    } catch (const pb::error_already_set& error) {
        return failure(ErrorCode::InterpreterFailed, 0, traceback_text(error));
    } catch (const std::exception& error) {
        return failure(ErrorCode::InterpreterFailed, 0, error.what());
    }
}

Result<void> start(EngineState& state, const pysvc_interpreter_config& config) {
    state.capture_streams = config.capture_streams != 0;
    reserve_stacks_for_crashes();
    if (auto done = pre_initialize(config); !done) return done;
    if (PyImport_AppendInittab("servicemanager", &PyInit_servicemanager) != 0 ||
        PyImport_AppendInittab("_pythonservice", &PyInit__pythonservice) != 0) {
        return failure(ErrorCode::InterpreterFailed, 0, "PyImport_AppendInittab: out of memory");
    }
    if (!install_audit_hook(state)) {
        return failure(ErrorCode::InterpreterFailed, 0, "PySys_AddAuditHook: out of memory");
    }
    if (auto done = initialize(config); !done) return done;
    auto prepared = prepare_caught(state, config);
    // Parked without the GIL between the calls; PyGILState_Ensure on this thread finds this state again.
    state.main_thread = PyEval_SaveThread();
    if (!prepared) finalize_interpreter();
    return prepared;
}

}  // namespace

std::int32_t start_interpreter(const pysvc_interpreter_config* config, pysvc_failure* failure) noexcept {
    try {
        const auto started = start(*engine(), *config);
        if (started) return 0;
        tell(*failure, started.error());
    } catch (const std::exception& error) {
        tell(*failure, ErrorCode::InterpreterFailed, error.what());
    }
    return 1;
}

std::int32_t finalize_interpreter() noexcept {
    EngineState& state = *engine();
    if (state.main_thread == nullptr) return 0;
    try {
        PyEval_RestoreThread(state.main_thread);
        state.main_thread = nullptr;
        // Py_FinalizeEx, and pybind11's own data after it. Its result is dropped there, so the flush that it would
        // report is done by release_python_objects.
        pb::finalize_interpreter();
        deliver_partial_lines(state);
    } catch (const std::exception& error) {
        state.host->log_warning(state.host->host, text_of(error.what()));
        return -1;
    }
    return state.flush_failed ? -1 : 0;
}

}  // namespace pysvc::py
