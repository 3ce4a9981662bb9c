// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/windows_error.hpp"

#include "host/base/error.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/text.hpp"

namespace pysvc::py {
namespace {

pb::object look_alike() {
    pb::object& cached = engine()->win32_error;
    if (!cached) {
        PyObject* made = PyErr_NewExceptionWithDoc(
            "pywintypes.error", "A Windows call failed: winerror, funcname, strerror.", nullptr, nullptr);
        if (made == nullptr) throw pb::error_already_set();
        cached = pb::reinterpret_steal<pb::object>(made);
    }
    return cached;
}

pb::object error_class() {
    try {
        return pb::module_::import("pywintypes").attr("error");
    } catch (const pb::error_already_set&) {
        // Not installed, or broken: either way the caller is owed an exception with these three values.
        return look_alike();
    }
}

}  // namespace

void throw_windows_error(std::uint32_t code, const char* function) {
    const pb::object type = error_class();
    const pb::str text = str_of(os_error_message(code));
    pb::object error = type(code, function, text);
    error.attr("winerror") = code;
    error.attr("funcname") = function;
    error.attr("strerror") = text;
    PyErr_SetObject(type.ptr(), error.ptr());
    throw pb::error_already_set();
}

}  // namespace pysvc::py
