// SPDX-License-Identifier: MIT
#pragma once

#include "host/locate/paths.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pysvc {

/// How much of a file image_machine wants to see: a PE header may lie behind a DOS stub of any size, but none is
/// larger.
inline constexpr std::size_t kImageHeadSize = 4096;

/// Machine type of the library that begins with `head` (PE on Windows, ELF elsewhere), nullopt when it is none. Read
/// before loading: the loader's ERROR_BAD_EXE_FORMAT does not say which of two files is the wrong one, nor why.
[[nodiscard]] std::optional<std::uint16_t> image_machine(System system, std::string_view head);

/// "x64", "x86 (32-bit)", "ARM64", or the number.
[[nodiscard]] std::string machine_name(System system, std::uint16_t machine);

}  // namespace pysvc
