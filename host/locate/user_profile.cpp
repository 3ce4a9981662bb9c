// SPDX-License-Identifier: MIT
#include "host/locate/user_profile.hpp"

namespace pysvc {
namespace {

/// The folder with everybody's profile, by variables that are the same for every account; empty when unknown.
std::string folder_of_profiles(FileProbe& probe) {
    if (probe.system() == System::Posix) return "/home";
    const auto everybody = probe.variable("PUBLIC");  // C:\Users\Public
    return everybody ? parent_path(System::Windows, probe.absolute(*everybody)) : std::string();
}

}  // namespace

std::string user_profile_of(const std::string& path, FileProbe& probe) {
    const System system = probe.system();
    const std::string profiles = folder_of_profiles(probe);
    // The account's own may lie elsewhere: /root, and LocalSystem's.
    const std::string own = probe.variable(system == System::Windows ? "USERPROFILE" : "HOME").value_or("");
    for (std::string at = path; !at.empty(); at = parent_path(system, at)) {
        if (!own.empty() && same_path(system, at, probe.absolute(own)) && at != "/") return at;
        const bool beside_others = !profiles.empty() && same_path(system, parent_path(system, at), profiles);
        if (beside_others && !same_path(system, file_name(system, at), "Public")) return at;
    }
    return {};
}

}  // namespace pysvc
