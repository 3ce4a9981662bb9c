// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/crash_watch.hpp"
#include "host/service/journal.hpp"
#include "host/service/log_files.hpp"
#include "host/service/settings.hpp"

#include <filesystem>
#include <mutex>
#include <string>

namespace pysvc {

/// Knows how instances of a service end. While one runs, a marker lies beside its log; the next one that finds it tells
/// what is left of the other: a crash's text and minidump, a restart of the machine, or nothing at all.
class InstanceRecord {
public:
    InstanceRecord(Journal& journal, CrashWatch& crashes) : journal_(journal), crashes_(crashes) {}

    /// The log is open: an event about the previous instance unless it ended in order, its crash log moved away, the
    /// crash folder cut to CrashFiles, minidumps on, the marker written. Nothing of it fails a start. Once.
    void begin(const std::string& service, const LogFiles& files, const Settings& settings);

    /// This instance ends in order: right before its STOPPED. Any thread.
    void end();

private:
    Journal& journal_;
    CrashWatch& crashes_;
    std::mutex mutex_;
    std::filesystem::path marker_;  ///< of this instance; empty when there is none
};

}  // namespace pysvc
