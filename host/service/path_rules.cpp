// SPDX-License-Identifier: MIT
#include "host/service/path_rules.hpp"

#include "host/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pysvc {
namespace {

/// The longest path that a function of Windows takes (MSDN, "Maximum Path Length Limitation").
constexpr std::size_t kLongestPath = 32'767;

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::optional<std::string> why_refused_prefix(std::string_view path) {
    if (path.starts_with(R"(\\.\)") || path.starts_with(R"(\\?\)")) {
        return "names a device or a volume, not a file on a drive; give a path with a drive letter";
    }
    if (path.starts_with(R"(\\)")) {
        return "is on a network share: the service's account may have no access to it, and at boot the network comes later "
               "than services; copy it to a local disk";
    }
    if (path.size() < 3 || !is_letter(path[0]) || path[1] != ':' || path[2] != '\\') {
        return "is relative: a service has another current folder; give the full path";
    }
    return std::nullopt;
}

std::optional<std::string> why_refused_part(std::string_view part) {
    if (part.find(':') != std::string_view::npos) {
        return "has a colon: what follows it is a hidden stream of a file; give the path of a file";
    }
    const auto never = [](char c) { return static_cast<unsigned char>(c) < 0x20 || std::string_view("<>\"|?*").find(c) != std::string_view::npos; };
    if (std::ranges::any_of(part, never)) return "has a character that no name of a file may have";
    if (is_device_name(part)) return "has the name of a device in it, which Windows opens instead of a file; rename it";
    if (part.ends_with('.') || part.ends_with(' ')) {
        return "has a name that ends with a dot or a blank, which Windows drops: another file would be meant; rename it";
    }
    return std::nullopt;
}

}  // namespace

bool is_device_name(std::string_view name) {
    // MSDN, "Naming Files, Paths, and Namespaces". Blanks in front of the extension do not help, nor does a superscript digit.
    constexpr std::array<std::string_view, 6> kDevices{"con", "prn", "aux", "nul", "conin$", "conout$"};
    constexpr std::array<std::string_view, 3> kSuperscripts{"\xC2\xB9", "\xC2\xB2", "\xC2\xB3"};
    std::string stem = lower_case(name.substr(0, name.find_first_of(".:")));
    stem.erase(stem.find_last_not_of(' ') + 1);
    if (std::ranges::find(kDevices, stem) != kDevices.end()) return true;
    if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
    const std::string_view number = std::string_view(stem).substr(3);
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') ||
           std::ranges::find(kSuperscripts, number) != kSuperscripts.end();
}

std::optional<std::string> why_refused(std::string_view path) {
    if (utf16_length(path) > kLongestPath) return "is longer than 32,767 characters, which no function of Windows takes";
    if (auto why = why_refused_prefix(path)) return why;
    for (std::string_view rest = path.substr(3); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\\'), rest.size());
        if (auto why = why_refused_part(rest.substr(0, end))) return why;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::nullopt;
}

}  // namespace pysvc
