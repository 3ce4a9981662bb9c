// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace pysvc::win {

/// True when `size` bytes from `data` on can be read. HandlerEx is not told how long its data is; a wrong size inside it
/// must not end every service of the process.
[[nodiscard]] bool is_readable(const void* data, std::size_t size);

}  // namespace pysvc::win
