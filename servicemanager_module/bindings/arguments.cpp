// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/arguments.hpp"

#include "servicemanager_module/interpreter/text.hpp"

namespace pysvc::py {

std::int64_t integer_argument(const pb::object& value, const char* name, std::int64_t lowest, std::int64_t highest) {
    PyObject* index = PyNumber_Index(value.ptr());
    if (index == nullptr) throw pb::error_already_set();
    const auto integer = pb::reinterpret_steal<pb::int_>(index);
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(integer.ptr(), &overflow);
    if (overflow != 0 || number < lowest || number > highest) {
        PyErr_Format(PyExc_OverflowError, "%s must be between %lld and %lld", name, static_cast<long long>(lowest),
                     static_cast<long long>(highest));
        throw pb::error_already_set();
    }
    return number;
}

bool flag_argument(const pb::object& value, const char* name) {
    return integer_argument(value, name, INT32_MIN, INT32_MAX) != 0;
}

std::string text_argument(const pb::object& value, const char* name) {
    if (PyUnicode_Check(value.ptr()) == 0) {
        throw pb::type_error(std::string(name) + " must be a str, not '" + Py_TYPE(value.ptr())->tp_name + "'");
    }
    return utf8_of(value);
}

}  // namespace pysvc::py
