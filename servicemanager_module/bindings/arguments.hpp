// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/python.hpp"

#include <cstdint>
#include <string>

namespace pysvc::py {

// Arguments as pywin32 parses them. pybind11's own conversions would take None for False, and call an int that is too
// large a TypeError.

/// An int, or whatever has __index__; else TypeError. OverflowError outside of `lowest` to `highest`.
[[nodiscard]] std::int64_t integer_argument(const pb::object& value, const char* name, std::int64_t lowest,
                                            std::int64_t highest);

/// A flag is an int that fits into a C int.
[[nodiscard]] bool flag_argument(const pb::object& value, const char* name);

/// A str; else TypeError. Lone surrogates and NULs are kept.
[[nodiscard]] std::string text_argument(const pb::object& value, const char* name);

}  // namespace pysvc::py
