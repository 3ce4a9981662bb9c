// SPDX-License-Identifier: MIT
#include "host/service/log_files.hpp"

#include "host/base/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace pysvc {
namespace {

std::filesystem::path path_of(const std::string& text) {
    return std::filesystem::path(std::u8string(text.begin(), text.end()));
}

std::string text_of(const std::filesystem::path& path) {
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

/// Names that are devices on Windows whatever extension follows: "nul.log" swallows everything that is written.
bool is_device_name(const std::string& name) {
    constexpr std::array kDevices{"con", "prn", "aux", "nul"};
    const std::string stem = lower_case(name.substr(0, name.find('.')));
    if (std::ranges::find(kDevices, stem) != kDevices.end()) return true;
    return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

}  // namespace

std::string file_name_for(const std::string& service) {
    std::string name = service;
    for (char& c : name) {
        if (static_cast<unsigned char>(c) < 0x20 || std::string_view("<>:\"/\\|?*").find(c) != std::string_view::npos) {
            c = '_';
        }
    }
    // Windows drops trailing dots and spaces, so that two services would share a folder.
    while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.back() = '_';
    if (name.empty() || is_device_name(name)) name += '_';
    return name;
}

LogFiles log_files(const std::string& service, const Settings& settings, const std::string& program_data) {
    const std::string name = file_name_for(service);
    const std::filesystem::path directory = settings.log_directory.empty()
                                                ? path_of(program_data) / "PythonService" / path_of(name)
                                                : path_of(settings.log_directory);
    return {text_of(directory), text_of(directory / path_of(name + ".log")), text_of(directory / path_of(name + ".crash.log"))};
}

}  // namespace pysvc
