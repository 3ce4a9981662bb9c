// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <cstddef>

namespace pysvc::test {

/// How many handles a process has open: a leak of threads, events or files shows here. Fails the test when the system
/// does not tell.
[[nodiscard]] std::size_t open_handles(DWORD process);

}  // namespace pysvc::test
