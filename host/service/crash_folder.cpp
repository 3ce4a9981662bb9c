// SPDX-License-Identifier: MIT
#include "host/service/crash_folder.hpp"

#include "host/base/paths.hpp"
#include "host/base/utc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace pysvc {
namespace {

constexpr std::string_view kDump = ".dmp";
constexpr std::string_view kText = ".txt";
constexpr std::size_t kTimeLength = std::string_view("20260131T120000Z").size();

/// What follows the service in a name: "-20260131T120000Z-PROCESS.dmp". The service "a" has no part in those of "a-b".
bool is_rest_of_name(std::string_view rest, std::string_view extension) {
    if (!rest.starts_with('-') || rest.size() < kTimeLength + 3 || rest[kTimeLength + 1] != '-') return false;
    if (!rest.ends_with(extension)) return false;
    const std::string_view time = rest.substr(1, kTimeLength);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return time[8] == 'T' && time.back() == 'Z' &&
           std::ranges::count_if(time, is_digit) == static_cast<std::ptrdiff_t>(kTimeLength - 2);
}

}  // namespace

std::vector<std::string> CrashFolder::names(std::string_view extension) const {
    std::vector<std::string> names;
    std::error_code ignored;
    for (std::filesystem::directory_iterator entry(folder_, ignored), end; entry != end; entry.increment(ignored)) {
        std::string name = from_path(entry->path().filename());
        if (name.starts_with(service_) && is_rest_of_name(std::string_view(name).substr(service_.size()), extension)) {
            names.push_back(std::move(name));
        }
    }
    // The times are all behind the same beginning.
    std::ranges::sort(names);
    return names;
}

std::optional<std::filesystem::path> CrashFolder::dump_of(std::uint32_t process,
                                                          std::chrono::sys_seconds started) const {
    const std::string end = fmt::format("-{}{}", process, kDump);
    const std::string earliest = fmt::format("{}-{}", service_, compact_utc(started));
    std::optional<std::filesystem::path> newest;
    for (const std::string& name : names(kDump)) {
        if (name.ends_with(end) && name >= earliest) newest = folder_ / to_path(name);
    }
    return newest;
}

std::optional<std::filesystem::path> CrashFolder::take_in(const std::filesystem::path& crash_log,
                                                          std::chrono::sys_seconds now, std::uint32_t process) const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    auto target = folder_ / to_path(fmt::format("{}-{}-{}{}", service_, compact_utc(now), process, kText));
    std::filesystem::rename(crash_log, target, error);
    if (error) return std::nullopt;
    return target;
}

void CrashFolder::keep_newest(std::size_t count) const {
    std::error_code ignored;
    for (const std::string_view extension : {kDump, kText}) {
        const std::vector<std::string> all = names(extension);
        for (std::size_t i = 0; i + count < all.size(); ++i) std::filesystem::remove(folder_ / to_path(all[i]), ignored);
    }
}

}  // namespace pysvc
