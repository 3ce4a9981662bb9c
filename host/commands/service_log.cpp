// SPDX-License-Identifier: MIT
#include "host/commands/service_log.hpp"

#include "host/base/paths.hpp"
#include "host/commands/registration.hpp"
#include "host/service/log_files.hpp"
#include "host/service/settings.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace pysvc {

std::string default_log_folder(const std::string& service, const ProgramFolders& folders) {
    return log_files(service, Settings{}, folders.program_data).directory;
}

std::string log_file(const std::string& service, CommandPorts& ports) {
    Settings settings;
    settings.log_directory = read_text(ports.registry, parameters_key(service), "LogDirectory").value_or("");
    return log_files(service, settings, ports.folders.program_data).log;
}

std::vector<std::string> last_lines(const std::string& file, std::size_t count) {
    // Enough for the lines that are shown; a log may be large.
    constexpr std::streamoff kRead = 16 * 1024;
    std::ifstream stream(to_path(file), std::ios::binary | std::ios::ate);
    if (!stream) return {};
    const std::streamoff size = stream.tellg();
    stream.seekg(size > kRead ? size - kRead : 0);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};

    std::vector<std::string> lines;
    std::size_t end = text.size();
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) --end;
    while (end > 0 && lines.size() < count) {
        const std::size_t start = text.rfind('\n', end - 1);
        const std::size_t begin = start == std::string::npos ? 0 : start + 1;
        std::string line = text.substr(begin, end - begin);
        if (line.ends_with('\r')) line.pop_back();
        lines.insert(lines.begin(), std::move(line));
        end = begin == 0 ? 0 : begin - 1;
    }
    return lines;
}

std::vector<std::string> last_event_lines(const std::string& file) {
    // host/service/journal.cpp and diagnostic_log.cpp write these marks.
    constexpr const char* kEvent = "] event 0x";
    constexpr const char* kContinuation = "]   | ";
    // A traceback and the stacks of many threads; what the log has beyond that is for the log.
    const std::vector<std::string> lines = last_lines(file, 200);
    const auto last = std::find_if(lines.rbegin(), lines.rend(),
                                   [&](const std::string& line) { return line.find(kEvent) != std::string::npos; });
    if (last == lines.rend()) return last_lines(file, 5);
    const auto begin = std::prev(last.base());
    const auto end = std::find_if(std::next(begin), lines.end(), [&](const std::string& line) {
        return line.find(kContinuation) == std::string::npos;
    });
    return {begin, end};
}

}  // namespace pysvc
