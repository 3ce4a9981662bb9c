// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/windows_error.hpp"

#include "host/base/error.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/text.hpp"

namespace pysvc::py {
namespace {

// What pywin32 makes, in every respect: attributes of an instance that a script builds itself, repr, no docstring.
constexpr const char* kLookAlike =
    "class error(Exception):\n"
    "    def __init__(self, *args):\n"
    "        super().__init__(*args)\n"
    "        self.winerror, self.funcname, self.strerror = (args + (None, None, None))[:3]\n";

pb::object look_alike() {
    pb::object& cached = engine()->win32_error;
    if (!cached) {
        pb::dict names;
        names["__name__"] = "pywintypes";
        pb::exec(kLookAlike, names);
        cached = names["error"];
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
    const pb::object error = type(code, function, str_of(os_error_message(code)));
    PyErr_SetObject(type.ptr(), error.ptr());
    throw pb::error_already_set();
}

}  // namespace pysvc::py
