// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/text.hpp"

#include "host/base/text.hpp"

namespace pysvc::py {
namespace {

constexpr bool is_high_surrogate(char16_t c) { return c >= 0xD800 && c < 0xDC00; }
constexpr bool is_low_surrogate(char16_t c) { return c >= 0xDC00 && c < 0xE000; }

}  // namespace

std::string utf8_of(pb::handle text) {
    Py_ssize_t size = 0;
    if (const char* data = PyUnicode_AsUTF8AndSize(text.ptr(), &size)) {
        return {data, static_cast<std::size_t>(size)};
    }
    // Lone surrogates: file names and command lines can hold them.
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) throw pb::error_already_set();
    PyErr_Clear();
    PyObject* encoded = PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogatepass");
    if (encoded == nullptr) throw pb::error_already_set();
    const auto bytes = pb::reinterpret_steal<pb::bytes>(encoded);
    return std::string(std::string_view(bytes));
}

pb::str str_of(std::string_view text) {
    const auto size = static_cast<Py_ssize_t>(text.size());
    PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), size, "surrogatepass");
    if (decoded == nullptr) {
        PyErr_Clear();
        decoded = PyUnicode_DecodeUTF8(text.data(), size, "replace");
    }
    if (decoded == nullptr) throw pb::error_already_set();
    return pb::reinterpret_steal<pb::str>(decoded);
}

std::wstring wide_of(std::string_view text) {
    const std::u16string units = utf16_from_utf8(text);
    if constexpr (sizeof(wchar_t) == sizeof(char16_t)) {
        return {units.begin(), units.end()};
    }
    std::wstring wide;
    wide.reserve(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        char32_t c = units[i];
        if (is_high_surrogate(units[i]) && i + 1 < units.size() && is_low_surrogate(units[i + 1])) {
            c = 0x10000 + ((c - 0xD800) << 10) + (static_cast<char32_t>(units[++i]) - 0xDC00);
        }
        wide.push_back(static_cast<wchar_t>(c));
    }
    return wide;
}

}  // namespace pysvc::py
