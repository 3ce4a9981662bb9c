// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/control_call.hpp"

#include "servicemanager_module/interpreter/event_data.hpp"
#include "servicemanager_module/interpreter/failure.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/python.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <exception>
#include <string>

namespace pysvc::py {
namespace {

constexpr std::uint32_t kCallNotImplemented = 120;     // ERROR_CALL_NOT_IMPLEMENTED
constexpr std::uint32_t kServiceSpecificError = 1066;  // ERROR_SERVICE_SPECIFIC_ERROR

void raised(pysvc_call_result& result, std::string_view text) {
    result.kind = PYSVC_CALL_RAISED;
    result.code = kCallNotImplemented;
    tell(result.failure, ErrorCode::ControlFailed, text);
}

/// pywin32's mapping of what a handler returns.
void returned(pysvc_call_result& result, const pb::object& value) {
    result.kind = PYSVC_CALL_RETURNED;
    if (value.is_none()) {
        result.code = 0;
    } else if (PyLong_Check(value.ptr()) != 0) {
        // The low 32 bits of any int; True is 1.
        result.code = static_cast<std::uint32_t>(PyLong_AsUnsignedLongLongMask(value.ptr()));
    } else {
        result.kind = PYSVC_CALL_BAD_VALUE;
        result.code = kServiceSpecificError;
        tell(result.failure, ErrorCode::ControlFailed,
             "the control handler returned " + utf8_of(pb::repr(value)) + " ('" + Py_TYPE(value.ptr())->tp_name +
                 "'); it must return None or an int");
    }
}

pb::object call(const pb::object& callable, const pysvc_control& control) {
    switch (control.extra_args) {
        case PYSVC_HANDLER_CONTROL: return callable(control.control);
        case PYSVC_HANDLER_RAW: return callable(control.control, control.event_type, raw_event_data(control));
        default: return callable(control.control, control.event_type, event_data(control));
    }
}

void call_with_gil(pb::handle callable, const pysvc_control& control, pysvc_call_result& result) noexcept {
    try {
        // A reference of our own: the handler may register another one meanwhile.
        const auto handler = pb::reinterpret_borrow<pb::object>(callable);
        returned(result, call(handler, control));
    } catch (const pb::error_already_set& error) {
        // SystemExit and KeyboardInterrupt too: this thread is the host's, there is nothing to exit.
        raised(result, traceback_text(error));
    } catch (const std::exception& error) {
        raised(result, error.what());
    }
}

}  // namespace

void* attach_control_thread() noexcept {
    // Ensure without its Release until the thread is detached: the state is then the one that PyGILState_Ensure finds
    // in extension modules on this thread, which a state from PyThreadState_New is not on every version.
    PyGILState_Ensure();
    return PyEval_SaveThread();
}

void call_control(void* thread_state, void* callable, const pysvc_control* control,
                  pysvc_call_result* result) noexcept {
    const ThreadStateHeld held(static_cast<PyThreadState*>(thread_state));
    call_with_gil(static_cast<PyObject*>(callable), *control, *result);
}

void detach_control_thread(void* thread_state) noexcept {
    PyEval_RestoreThread(static_cast<PyThreadState*>(thread_state));
    // The counterpart of Ensure in attach_control_thread; deletes the state.
    PyGILState_Release(PyGILState_UNLOCKED);
}

void release_object(void* object) noexcept {
    if (object == nullptr) return;
    const GilHeld gil;
    Py_DECREF(static_cast<PyObject*>(object));
}

}  // namespace pysvc::py
