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

/// True for `\\server\share\x` and other paths of Windows that begin with two separators.
[[nodiscard]] inline bool is_share(std::string_view text) {
    const auto is_separator = [](char c) { return c == '\\' || c == '/'; };
    return std::filesystem::path::preferred_separator == '\\' && text.size() > 2 && is_separator(text[0]) &&
           is_separator(text[1]);
}

/// `text` absolute, taken from `base` when it is relative, without `.` and `..`, in the platform's spelling.
[[nodiscard]] inline std::string absolute_from(std::string_view base, std::string_view text) {
    // For libstdc++ a share is a folder of the current drive, and its second separator one too many.
    const std::string joined = is_share(text) ? std::string(text) : from_path(to_path(base) / to_path(text));
    const bool share = is_share(joined);
    const std::string normal =
        from_path(to_path(std::string_view(joined).substr(share ? 1 : 0)).lexically_normal().make_preferred());
    return share ? '\\' + normal : normal;
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
