// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/python.hpp"

#include <cstdint>

namespace pysvc::py {

/// Raises pywintypes.error(code, function, text): pywin32's class, which scripts catch, or ours where it is not
/// installed. GIL.
[[noreturn]] void throw_windows_error(std::uint32_t code, const char* function);

}  // namespace pysvc::py
