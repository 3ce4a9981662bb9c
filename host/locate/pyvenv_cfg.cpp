// SPDX-License-Identifier: MIT
#include "host/locate/pyvenv_cfg.hpp"

#include "host/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace pysvc {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\f\v";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

std::optional<int> minor_of_version(std::string_view version) {
    if (!version.starts_with("3.")) return std::nullopt;
    version.remove_prefix(2);
    int minor = 0;
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), minor);
    if (error != std::errc() || minor < 0) return std::nullopt;
    if (end != version.data() + version.size() && *end != '.') return std::nullopt;
    return minor;
}

PyvenvCfg parse_pyvenv_cfg(std::string_view text) {
    PyvenvCfg cfg;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string key = lower_case(trimmed(line.substr(0, equals)));
        const std::string_view value = trimmed(line.substr(equals + 1));
        if (key == "home") {
            cfg.home = value;
        } else if (key == "executable" || key == "base-executable") {
            cfg.executable = value;
        } else if (key == "implementation") {
            cfg.implementation = value;
        } else if (key == "version" || key == "version_info") {
            cfg.minor = minor_of_version(value);
        }
    }
    return cfg;
}

}  // namespace pysvc
