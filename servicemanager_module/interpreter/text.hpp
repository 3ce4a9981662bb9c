// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"
#include "servicemanager_module/interpreter/python.hpp"

#include <string>
#include <string_view>

namespace pysvc::py {

// Text at the boundary is UTF-8 with lone surrogates kept as three bytes: Python's "surrogatepass".

[[nodiscard]] inline std::string_view view_of(pysvc_text text) noexcept {
    return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

[[nodiscard]] inline pysvc_text text_of(std::string_view text) noexcept { return {text.data(), text.size()}; }

/// The UTF-8 of a Python str. Throws error_already_set. GIL.
[[nodiscard]] std::string utf8_of(pb::handle text);

/// The Python str of UTF-8; bytes that are no UTF-8 become U+FFFD. GIL.
[[nodiscard]] pb::str str_of(std::string_view text);

/// UTF-8 to the wide strings of PyConfig: UTF-16 on Windows, UTF-32 elsewhere. Not Py_DecodeLocale, which depends on
/// the locale and on a pre-initialised Python.
[[nodiscard]] std::wstring wide_of(std::string_view text);

}  // namespace pysvc::py
