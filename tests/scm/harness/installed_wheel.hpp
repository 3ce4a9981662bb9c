// SPDX-License-Identifier: MIT
#pragma once

#include "tests/scm/harness/virtual_environment.hpp"

#include <filesystem>

namespace pysvc::test {

/// Puts into an environment what `pip install` of our wheel would (scripts/package): the engine's modules for
/// python.exe, and PythonService.exe with its engines. The path of that EXE.
std::filesystem::path install_wheel(const VirtualEnvironment& environment);

}  // namespace pysvc::test
