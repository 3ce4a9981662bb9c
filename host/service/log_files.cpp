// SPDX-License-Identifier: MIT
#include "host/service/log_files.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/service/path_rules.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pysvc {
namespace {

/// Room for ".crash.log" and the numbers of old logs in the 255 units that a part of a path may have.
constexpr std::size_t kLongestName = 230;

void append_percent(std::string& out, std::string_view bytes) {
    for (const char byte : bytes) out += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
}

/// A number for a text that is the same in every process (FNV-1a).
std::uint32_t fingerprint(std::string_view text) {
    std::uint32_t hash = 2'166'136'261U;
    for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16'777'619U;
    return hash;
}

/// The bytes of the first character.
std::size_t character_size(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
    return size;
}

}  // namespace

std::string file_name_for(const std::string& service) {
    // No two services may share a folder, so nothing is replaced: what a name cannot have is written as in a URL.
    std::string name;
    for (std::string_view rest = service; !rest.empty();) {
        const std::string_view character = rest.substr(0, character_size(rest));
        rest.remove_prefix(character.size());
        // Windows drops dots and blanks at the end.
        const bool dropped = rest.empty() && (character == "." || character == " ");
        const bool refused = std::string_view("<>:\"/\\|?*%").find(character) != std::string_view::npos;
        const std::size_t before = name.size();
        if (dropped || refused || escaped(character) != character) {
            append_percent(name, character);
        } else {
            name += character;
        }
        if (name.size() > kLongestName) {
            name.resize(before);
            return name + fmt::format("%{:08X}", fingerprint(lower_case(service)));
        }
    }
    if (is_device_name(name)) {
        std::string disguised;
        append_percent(disguised, std::string_view(name).substr(0, 1));
        return disguised + name.substr(1);
    }
    return name.empty() ? "%" : name;
}

LogFiles log_files(const std::string& service, const Settings& settings, const std::string& program_data) {
    const std::string name = file_name_for(service);
    const std::filesystem::path directory = settings.log_directory.empty()
                                                ? to_path(program_data) / "PythonService" / to_path(name)
                                                : to_path(settings.log_directory);
    const auto file = [&](const std::string& extension) { return from_path(directory / to_path(name + extension)); };
    return {from_path(directory), file(".log"), file(".crash.log"), file(".running"), from_path(directory / "crashes")};
}

}  // namespace pysvc
