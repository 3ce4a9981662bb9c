// SPDX-License-Identifier: MIT
#include "host/locate/paths.hpp"

#include "host/base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pysvc {
namespace {

constexpr char separator(System system) { return system == System::Windows ? '\\' : '/'; }

constexpr bool is_drive_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// How many bytes of `path` are its root: "C:\", "C:", "\\server\share\", "\", "/". Separators are normal.
std::size_t root_size(System system, std::string_view path) {
    const char slash = separator(system);
    if (system == System::Windows) {
        if (path.starts_with(R"(\\)")) {
            const std::size_t server = path.find(slash, 2);
            if (server == std::string_view::npos) return path.size();
            const std::size_t share = path.find(slash, server + 1);
            return share == std::string_view::npos ? path.size() : share + 1;
        }
        if (path.size() >= 2 && is_drive_letter(path[0]) && path[1] == ':') {
            return path.size() > 2 && path[2] == slash ? 3 : 2;
        }
    }
    return path.starts_with(slash) ? 1 : 0;
}

/// The parts of `path` after its root, `.` and `..` resolved. `rooted`: a `..` at the top leads nowhere.
std::vector<std::string_view> parts_of(std::string_view path, char slash, bool rooted) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find(slash), path.size());
        const std::string_view part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (part.empty() || part == ".") continue;
        if (part != "..") {
            parts.push_back(part);
        } else if (!parts.empty() && parts.back() != "..") {
            parts.pop_back();
        } else if (!rooted) {
            parts.push_back(part);
        }
    }
    return parts;
}

}  // namespace

std::string normal_path(System system, std::string_view path) {
    const char slash = separator(system);
    std::string text(path);
    if (system == System::Windows) {
        std::ranges::replace(text, '/', '\\');
        constexpr std::string_view kUnc = R"(\\?\UNC\)";
        constexpr std::string_view kVerbatim = R"(\\?\)";
        if (equal_ignoring_case(std::string_view(text).substr(0, kUnc.size()), kUnc)) {
            text.replace(0, kUnc.size(), R"(\\)");
        } else if (text.starts_with(kVerbatim)) {
            text.erase(0, kVerbatim.size());
        }
    }
    const std::size_t root = root_size(system, text);
    std::string out = text.substr(0, root);
    bool first = true;
    for (const std::string_view part : parts_of(std::string_view(text).substr(root), slash, root != 0)) {
        if (!first) out += slash;
        out += part;
        first = false;
    }
    return out;
}

std::string join_path(System system, std::string_view directory, std::string_view name) {
    const char slash = separator(system);
    std::string out(directory);
    if (!out.empty() && out.back() != slash) out += slash;
    const std::size_t start = out.size();
    out += name;
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), '/', slash);
    return out;
}

std::string unquoted_path(std::string_view path) {
    const bool quoted = path.size() > 1 && path.front() == '"' && path.back() == '"';
    return std::string(quoted ? path.substr(1, path.size() - 2) : path);
}

bool is_full_path(System system, std::string_view path) {
    const std::string normal = normal_path(system, path);
    if (system == System::Posix) return normal.starts_with('/');
    return normal.starts_with(R"(\\)") || root_size(system, normal) == 3;
}

std::string parent_path(System system, std::string_view path) {
    const std::size_t root = root_size(system, path);
    if (path.size() <= root) return {};
    const std::size_t slash = path.rfind(separator(system));
    if (slash == std::string_view::npos || slash < root) return std::string(path.substr(0, root));
    return std::string(path.substr(0, slash));
}

std::string file_name(System system, std::string_view path) {
    const std::size_t slash = path.rfind(separator(system));
    return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

bool same_path(System system, std::string_view left, std::string_view right) {
    return system == System::Windows ? equal_ignoring_case(left, right) : left == right;
}

}  // namespace pysvc
