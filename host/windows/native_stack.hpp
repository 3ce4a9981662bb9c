// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <string>

namespace pysvc::win {

/// The top frames of another thread of this process, one a line: `module.dll!nearest_export+0x1f`, or
/// `module.dll+0x1234` where no export is near. The thread is suspended for as long as its stack is walked, 500 ms at
/// most. Says why where it cannot be had.
[[nodiscard]] std::string native_stack(DWORD thread_id);

/// How an address of code is written there.
[[nodiscard]] std::string symbol_of(std::uintptr_t address);

}  // namespace pysvc::win
