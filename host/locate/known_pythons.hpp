// SPDX-License-Identifier: MIT
#pragma once

#include "host/locate/file_probe.hpp"
#include "host/locate/layout.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysvc {

/// The Pythons that can be found without being named: the registered ones, and with MachineAndUser those others that
/// Python's install manager and uv keep in their folders. On Windows ranked as py.exe does: python.org's first, then
/// new versions before old ones. Elsewhere PATH's order counts.
[[nodiscard]] std::vector<RegisteredPython> known_pythons(RegistryScope scope, FileProbe& probe);

/// Minor and build by what the entry says of itself; nullopt when it does not tell.
[[nodiscard]] std::optional<PythonAbi> abi_of(const RegisteredPython& python);

/// "3.13 at C:\Python313\python.exe (HKLM\SOFTWARE\Python\PythonCore\3.13)", for people.
[[nodiscard]] std::string describe(const RegisteredPython& python);

}  // namespace pysvc
