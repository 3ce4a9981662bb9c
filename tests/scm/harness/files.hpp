// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc::test {

/// The content of a file that somebody else may be writing; empty when there is none.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

void write_file(const std::filesystem::path& path, std::string_view content);

/// Lines without their ends; what follows the last line end is a line that is still being written, and left out.
[[nodiscard]] std::vector<std::string> complete_lines(const std::string& content);

}  // namespace pysvc::test
