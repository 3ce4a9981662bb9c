// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace pysvc {

/// The whole program. `argv` is the command line as UTF-8, the program first. Returns the exit code of the process.
[[nodiscard]] int run(const std::vector<std::string>& argv) noexcept;

}  // namespace pysvc
