// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace pysvc {

/// Whose rules hold for paths and for the layout of an installation. A value, not a compile-time switch: the tests of
/// the Windows rules run on every system, which std::filesystem::path would not allow.
enum class System { Windows, Posix };

/// `path` with one kind of separator, without `.` and `..`, without a trailing separator and without the `\\?\` prefix:
/// CPython 3.14 ignores a virtual environment whose executable is given with slashes, and `..` survives into
/// sys.prefix. A relative path stays relative.
[[nodiscard]] std::string normal_path(System system, std::string_view path);

/// `name` inside `directory`; `name` may have several parts, separated by slashes.
[[nodiscard]] std::string join_path(System system, std::string_view directory, std::string_view name);

/// `path` without the quotes in which Explorer and shells hand paths out.
[[nodiscard]] std::string unquoted_path(std::string_view path);

/// True for a path that means the same whatever the current directory is: `\\server\share\x` and `C:\x`, but neither
/// `C:x` nor `\x`.
[[nodiscard]] bool is_full_path(System system, std::string_view path);

/// The directory of a normal path; empty for a root, a share and a bare name.
[[nodiscard]] std::string parent_path(System system, std::string_view path);

/// The last part of a normal path.
[[nodiscard]] std::string file_name(System system, std::string_view path);

/// True when both are the same text by the rules of `system` (Windows: ASCII letters in either case).
[[nodiscard]] bool same_path(System system, std::string_view left, std::string_view right);

}  // namespace pysvc
