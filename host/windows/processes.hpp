// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pysvc::win {

struct ProcessEntry {
    DWORD id = 0;
    DWORD parent_id = 0;
    std::int64_t created = 0;  ///< FILETIME
    std::string name;          ///< of the image, without its folder
};

/// All processes of the system. Not OpenProcess and a name: LocalService may not open services.exe. Empty when Windows
/// does not say.
[[nodiscard]] std::vector<ProcessEntry> system_processes();

/// Those of them that this process has started.
[[nodiscard]] std::vector<ProcessEntry> child_processes();

}  // namespace pysvc::win
