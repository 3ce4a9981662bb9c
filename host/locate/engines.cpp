// SPDX-License-Identifier: MIT
#include "host/locate/engines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pysvc {
namespace {

/// What stands before and after the minor in an engine's file name.
std::pair<std::string, std::string> engine_name_parts(System system, std::uint16_t machine) {
    if (system == System::Windows)
        return {"servicemanager.cp3", machine == 0xAA64 ? "-win_arm64.pyd" : "-win_amd64.pyd"};
    return {"servicemanager.cpython-3", machine == 183 ? "-aarch64-linux-gnu.so" : "-x86_64-linux-gnu.so"};
}

}  // namespace

std::string engine_file_name(System system, std::uint16_t machine, const PythonAbi& abi) {
    const auto [head, tail] = engine_name_parts(system, machine);
    return fmt::format("{}{}{}{}", head, abi.minor, abi.build == PythonBuild::FreeThreaded ? "t" : "", tail);
}

std::vector<int> engine_minors(const std::string& directory, FileProbe& probe) {
    const auto [head, tail] = engine_name_parts(probe.system(), probe.machine());
    std::vector<int> minors;
    for (const std::string& name : probe.list(directory)) {
        if (const auto minor = number_between(name, head, tail)) minors.push_back(*minor);
    }
    std::ranges::sort(minors);
    return minors;
}

}  // namespace pysvc
