// SPDX-License-Identifier: MIT
#pragma once

#include "host/commands/ports.hpp"

#include <string>
#include <vector>

namespace pysvc {

/// Runs a management command and returns the exit code of the process: 0, a Win32 code, 2 for usage, or what
/// ports.debug returned. `argv` is the whole command line as UTF-8, the program's name first. Never throws.
[[nodiscard]] int run_cli(const std::vector<std::string>& argv, CommandPorts& ports);

}  // namespace pysvc
