// SPDX-License-Identifier: MIT
// The engines beside the EXE, by their file names.
#pragma once

#include "host/locate/layout.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pysvc {

/// The oldest minor of Python 3 that an engine can be built for.
inline constexpr int kOldestMinor = 10;

/// "servicemanager.cp313-win_amd64.pyd", with a t behind the minor for free-threaded builds. There are none for debug
/// builds: nobody runs services with them.
[[nodiscard]] std::string engine_file_name(System system, std::uint16_t machine, const PythonAbi& abi);

/// Minors of the engines for regular builds in `directory`, ascending.
[[nodiscard]] std::vector<int> engine_minors(const std::string& directory, FileProbe& probe);

}  // namespace pysvc
