// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/windows_error.hpp"

#include "host/base/error.hpp"
#include "servicemanager_module/interpreter/embedded_modules.hpp"
#include "servicemanager_module/interpreter/text.hpp"

namespace pysvc::py {
namespace {

pb::object error_class() {
    try {
        return pb::module_::import("pywintypes").attr("error");
    } catch (const pb::error_already_set&) {
        // pywin32 is broken, or python.exe has not been told of the embedded modules: the caller is owed an exception
        // with these three values all the same.
        return import_embedded_module("_pythonservice_error").attr("error");
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
