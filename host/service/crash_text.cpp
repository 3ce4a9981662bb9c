// SPDX-License-Identifier: MIT
#include "host/service/crash_text.hpp"

#include <algorithm>
#include <array>

namespace pysvc {
namespace {

/// How CPython begins what it writes last (Modules/faulthandler.c, Python/pylifecycle.c).
constexpr std::array<std::string_view, 2> kHeadlines{"Windows fatal exception: ", "Fatal Python error: "};
/// The code with which the watchdog asks faulthandler for stacks.
constexpr std::string_view kStacksPlease = "Windows fatal exception: code 0xe0505953";

bool is_headline(std::string_view line) {
    const auto begins = [&](std::string_view headline) { return line.starts_with(headline); };
    return std::ranges::any_of(kHeadlines, begins) && !line.starts_with(kStacksPlease);
}

}  // namespace

std::optional<CrashText> last_crash(std::string_view log) {
    std::optional<CrashText> found;
    for (std::size_t begin = 0; begin < log.size();) {
        const std::size_t end = std::min(log.find('\n', begin), log.size());
        std::string_view line = log.substr(begin, end - begin);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (is_headline(line)) found = CrashText{std::string(line), std::string(log.substr(begin))};
        begin = end + 1;
    }
    return found;
}

}  // namespace pysvc
