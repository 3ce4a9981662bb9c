// SPDX-License-Identifier: MIT
#include "host/service/instance_record.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/base/utc.hpp"
#include "host/service/crash_folder.hpp"
#include "host/service/crash_text.hpp"
#include "host/service/run_marker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace pysvc {
namespace {

/// A crash's text is 100 threads of 100 frames at most; what is before the end of a longer log is older.
constexpr std::uintmax_t kCrashTextBytes = 256 * 1024;
/// What an event shows of it.
constexpr std::size_t kEventUnits = 16'000;
/// The crash log of an instance that ended in order holds what C code wrote to its descriptor 2, and stacks. It goes on,
/// until it is as long as this.
constexpr std::uintmax_t kLongCrashLog = 1024 * 1024;

std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Size of a file; 0 when there is none.
std::uintmax_t size_of(const std::filesystem::path& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

/// The end of a file.
std::string tail_of(const std::filesystem::path& path, std::uintmax_t limit) {
    std::ifstream file(path, std::ios::binary);
    if (const std::uintmax_t size = size_of(path); size > limit) file.seekg(static_cast<std::streamoff>(size - limit));
    return {std::istreambuf_iterator<char>(file), {}};
}

/// nullopt: there is no marker.
std::optional<std::string> marker_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// What is left of an instance that did not stop.
struct Remains {
    std::optional<RunMarker> marker;  ///< none: it is damaged
    bool machine_restarted = false;
    std::optional<CrashText> crash;
    std::optional<std::filesystem::path> dump;
    std::optional<std::filesystem::path> crash_log;  ///< where it is now
};

std::string how_it_ended(const Remains& remains) {
    if (remains.crash) return fmt::format("it crashed: {}", remains.crash->headline);
    if (remains.dump) return "it crashed";
    if (remains.machine_restarted) {
        return "the machine was shut down or restarted before the service had stopped, or lost power";
    }
    if (!remains.marker) return "how is not known: its marker is damaged, as after a loss of power";
    return "it was ended without a trace: from outside (TerminateProcess, taskkill), by itself (os._exit), or by a crash "
           "too bad to be recorded";
}

std::string describe(const std::string& service, const Remains& remains) {
    std::string text = service;
    if (remains.marker) {
        text += fmt::format(": process {}, started {}", remains.marker->process.id, utc_text(remains.marker->started));
    }
    text += fmt::format("\n{}", how_it_ended(remains));
    if (remains.dump) text += fmt::format("\nminidump: {}", from_path(*remains.dump));
    if (remains.crash_log) text += fmt::format("\ncrash log: {}", from_path(*remains.crash_log));
    if (remains.crash) text += fmt::format("\n{}", cut_in_the_middle(remains.crash->text, kEventUnits));
    return text;
}

}  // namespace

void InstanceRecord::begin(const std::string& service, const LogFiles& files, const Settings& settings) {
    const std::filesystem::path marker_file = to_path(files.run_marker);
    const std::filesystem::path crash_log = to_path(files.crash_log);
    const CrashFolder folder(to_path(files.crash_folder), file_name_for(service));
    const std::uintmax_t crash_log_size = size_of(crash_log);

    const std::optional<std::string> found = marker_text(marker_file);
    std::optional<RunMarker> previous = found ? parse_run_marker(*found) : std::nullopt;
    // The SCM has STOPPED from it, or gave it up, and its process is about to end.
    const bool still_there = previous && crashes_.is_running(previous->process);
    const bool unclean = found && !still_there;

    Remains remains;
    if (unclean) {
        remains.marker = previous;
        if (crash_log_size != 0) remains.crash = last_crash(tail_of(crash_log, kCrashTextBytes));
        if (previous) {
            remains.dump = folder.dump_of(previous->process.id, previous->started);
            remains.machine_restarted = crashes_.machine_started() > previous->started;
        }
    }
    if (!still_there && crash_log_size > (unclean ? 0 : kLongCrashLog)) {
        if (settings.crash_files != 0) {
            remains.crash_log = folder.take_in(crash_log, now(), previous ? previous->process.id : 0);
        } else {
            std::error_code ignored;
            std::filesystem::remove(crash_log, ignored);
        }
    }
    folder.keep_newest(settings.crash_files);
    if (unclean) journal_.report(Error{ErrorCode::PreviousInstanceEnded, 0, describe(service, remains)});

    if (settings.crash_files != 0) crashes_.write_dumps(files.crash_folder, file_name_for(service));
    std::ofstream marker(marker_file, std::ios::binary | std::ios::trunc);
    marker << to_text({crashes_.this_process(), now()});
    marker.close();
    if (!marker) {
        journal_.note(LogLevel::Warning, fmt::format("cannot write {}: should this instance crash, the next one will not "
                                                     "tell of it", files.run_marker));
        return;
    }
    const std::lock_guard lock(mutex_);
    marker_ = marker_file;
}

void InstanceRecord::end() {
    const std::lock_guard lock(mutex_);
    if (marker_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove(std::exchange(marker_, {}), ignored);
}

}  // namespace pysvc
