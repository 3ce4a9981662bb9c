// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/run_service.hpp"

#include "host/base/result.hpp"
#include "servicemanager_module/interpreter/class_loader.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/failure.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/python.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/user_code.hpp"

#include <exception>
#include <string>

namespace pysvc::py {
namespace {

/// The class as the registry names it, or as Python does.
std::string class_string(const pysvc_run_request& request) {
    if (request.class_object != nullptr) {
        const pb::handle object(static_cast<PyObject*>(request.class_object));
        return utf8_of(pb::repr(object));
    }
    std::string text(view_of(request.directory));
    if (!text.empty()) text += '\\';
    return text.append(view_of(request.module)).append(".").append(view_of(request.class_name));
}

/// What an event about a failure adds to its traceback: which class, and where its imports were looked for.
std::string circumstances(const pysvc_run_request& request) {
    try {
        std::string text = "\nclass: " + class_string(request) + "\nsys.path:";
        for (const auto& entry : pb::module_::import("sys").attr("path")) text += "\n  " + utf8_of(pb::str(entry));
        return text;
    } catch (const pb::error_already_set&) {
        // User code may have broken what is asked here.
        return {};
    }
}

void not_started(const pysvc_run_request& request, pysvc_run_result& result, Error error) {
    result.kind = PYSVC_RUN_NOT_STARTED;
    result.exit_code = 0;
    error.context += circumstances(request);
    tell(result.failure, error);
}

pb::tuple arguments_of(const pysvc_run_request& request) {
    pb::tuple arguments(request.arg_count);
    for (std::size_t i = 0; i < request.arg_count; ++i) arguments[i] = str_of(view_of(request.args[i]));
    return arguments;
}

/// pywin32's call: one positional argument, the tuple of ServiceMain's arguments.
Result<pb::object> construct(const EngineState& state, const pb::object& service_class,
                             const pysvc_run_request& request) {
    try {
        return service_class(arguments_of(request));
    } catch (const pb::error_already_set& error) {
        // The class has told the administrator already; the host stays silent.
        const bool announced = state.startup_error && error.matches(state.startup_error);
        return failure(announced ? ErrorCode::StartupErrorRaised : ErrorCode::ConstructorRaised, 0,
                       traceback_text(error));
    }
}

/// SvcRun is the framework's name; `run` and calling the object serve classes that are written without it.
Result<pb::object> run_method(const pb::object& instance) {
    for (const char* name : {"SvcRun", "run"}) {
        pb::object method = pb::getattr(instance, name, pb::none());
        if (!method.is_none() && PyCallable_Check(method.ptr()) != 0) return method;
    }
    if (PyCallable_Check(instance.ptr()) != 0) return instance;
    return failure(
        ErrorCode::NoRunMethod, 0,
        std::string("class '") + Py_TYPE(instance.ptr())->tp_name + "' has neither SvcRun, run nor __call__");
}

Result<pb::object> prepare(EngineState& state, const pysvc_run_request& request) {
    const auto progress = [&](pysvc_progress step) { state.host->progress(state.host->host, request.service, step); };
    const Result<pb::object> service_class = load_class(state, request);
    if (!service_class) return service_class;
    progress(PYSVC_PROGRESS_CLASS_LOADED);
    const Result<pb::object> instance = construct(state, *service_class, request);
    if (!instance) return instance;
    progress(PYSVC_PROGRESS_CONSTRUCTED);
    return run_method(*instance);
}

/// The exit code of a SystemExit as python.exe would form it, except that text is not printed but told.
void exited(pysvc_run_result& result, const pb::error_already_set& error) {
    const pb::object code = pb::getattr(error.value(), "code", pb::none());
    std::string text;
    result.kind = PYSVC_RUN_EXITED;
    if (code.is_none()) {
        result.exit_code = 0;
    } else if (PyLong_Check(code.ptr()) != 0) {
        result.exit_code = static_cast<std::uint32_t>(PyLong_AsUnsignedLongLongMask(code.ptr()));
    } else {
        result.exit_code = 1;
        text = utf8_of(pb::str(code));
    }
    tell(result.failure, ErrorCode::ServiceExited, text);
}

void left_by_exception(const pysvc_run_request& request, pysvc_run_result& result, const pb::error_already_set& error) {
    try {
        if (error.matches(PyExc_SystemExit)) return exited(result, error);
    } catch (const pb::error_already_set&) {
        // A SystemExit whose text cannot be had is an exception like others.
    }
    result.kind = PYSVC_RUN_RAISED;
    result.exit_code = 0;
    tell(result.failure, ErrorCode::RunRaised, traceback_text(error) + circumstances(request));
}

void run(EngineState& state, const pysvc_run_request& request, pysvc_run_result& result) {
    UserCode user_code(state, request.service);
    const Result<pb::object> method = prepare(state, request);
    if (!method) {
        user_code.end();
        return not_started(request, result, method.error());
    }
    {
        const GilReleased released;
        state.host->before_run(state.host->host, request.service);
    }
    // Lives until the mark is taken away: releasing what SvcRun returned may run Python code.
    pb::object returned;
    try {
        returned = (*method)();
        user_code.end();
        result.kind = PYSVC_RUN_RETURNED;
        result.exit_code = 0;
    } catch (const pb::error_already_set& error) {
        user_code.end();
        left_by_exception(request, result, error);
    }
}

}  // namespace

void run_service(const pysvc_run_request* request, pysvc_run_result* result) noexcept {
    const GilHeld gil;
    try {
        run(*engine(), *request, *result);
    } catch (const pb::error_already_set& error) {
        not_started(*request, *result, {ErrorCode::ImportRaised, 0, traceback_text(error)});
    } catch (const std::exception& error) {
        not_started(*request, *result, {ErrorCode::ImportRaised, 0, error.what()});
    }
}

}  // namespace pysvc::py
