// SPDX-License-Identifier: MIT
#include "host/base/paths.hpp"
#include "host/commands/commands.hpp"

#include "build_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pysvc {
namespace {

std::vector<std::string> engines_in(const std::string& folder) {
    std::vector<std::string> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(to_path(folder), error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = from_path(entry->path().filename());
        const bool library = name.ends_with(".pyd") || name.ends_with(".so");
        if (library && name.starts_with("servicemanager.")) found.push_back(name);
    }
    std::ranges::sort(found);
    return found;
}

}  // namespace

Result<int> version_command(CommandPorts& ports) {
    std::string text = fmt::format("PythonService {}\nbuild {}\n", PYSVC_VERSION, PYSVC_BUILD_ID);
    const auto engines = engines_in(ports.folders.directory);
    if (engines.empty()) text += fmt::format("no engine in {}\n", ports.folders.directory);
    for (const std::string& engine : engines) text += fmt::format("engine {}\n", engine);
    ports.output.write(Stream::Out, text);
    return 0;
}

}  // namespace pysvc
