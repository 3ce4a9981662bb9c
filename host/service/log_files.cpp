// SPDX-License-Identifier: MIT
#include "host/service/log_files.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"

#include <algorithm>
#include <array>

namespace pysvc {
namespace {

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
                                                ? to_path(program_data) / "PythonService" / to_path(name)
                                                : to_path(settings.log_directory);
    return {from_path(directory), from_path(directory / to_path(name + ".log")), from_path(directory / to_path(name + ".crash.log"))};
}

}  // namespace pysvc
