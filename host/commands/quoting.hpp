// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pysvc {

/// `argument` so that CommandLineToArgvW and the C runtime give it back unchanged; quoted only where needed.
[[nodiscard]] std::string quote_argument(std::string_view argument);

/// A service's ImagePath: the program always quoted (unquoted, C:\my.exe could be started for C:\my dir\host.exe),
/// then `arguments` as they are.
[[nodiscard]] std::string image_path(std::string_view program, std::string_view arguments);

/// The program of an ImagePath, without quotes; for an unquoted one everything up to the first `.exe`.
[[nodiscard]] std::string program_of(std::string_view image_path);

/// What follows the program in an ImagePath, without the blanks around it.
[[nodiscard]] std::string arguments_of(std::string_view image_path);

}  // namespace pysvc
