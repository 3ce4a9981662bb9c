// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pysvc {

/// The message table, beside the EXE and the engines.
inline constexpr char kMessageFile[] = "PythonServiceMessages.dll";

/// UTF-8 text as a path of this platform. std::filesystem::path(std::string) would take the ANSI code page on Windows.
[[nodiscard]] inline std::filesystem::path to_path(std::string_view text) {
    return std::filesystem::path(std::u8string(text.begin(), text.end()));
}

[[nodiscard]] inline std::string from_path(const std::filesystem::path& path) {
    const std::u8string text = path.u8string();
    return std::string(text.begin(), text.end());
}

/// `text` absolute, taken from `base` when it is relative, without `.` and `..`, in the platform's spelling.
[[nodiscard]] inline std::string absolute_from(std::string_view base, std::string_view text) {
    return from_path((to_path(base) / to_path(text)).lexically_normal().make_preferred());
}

[[nodiscard]] inline bool is_file(std::string_view text) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(to_path(text), ignored);
}

[[nodiscard]] inline bool is_folder(std::string_view text) {
    std::error_code ignored;
    return std::filesystem::is_directory(to_path(text), ignored);
}

}  // namespace pysvc
