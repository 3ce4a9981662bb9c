// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace pysvc {

/// One process, for as long as the machine runs: ids are used again.
struct ProcessIdentity {
    std::uint32_t id = 0;
    std::uint64_t created = 0;  ///< when, in the system's own units

    friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

/// Port: what a crash of this process leaves behind, and what is known of a process that is gone.
class CrashWatch {
public:
    virtual ~CrashWatch() = default;

    virtual ProcessIdentity this_process() = 0;
    virtual bool is_running(const ProcessIdentity& process) = 0;
    /// When the machine was last started, by today's setting of its clock.
    virtual std::chrono::system_clock::time_point machine_started() = 0;

    /// From now on a crash writes a minidump to `folder`, which it makes, under the name that CrashFolder looks for. The
    /// crash stays a crash. Once.
    virtual void write_dumps(const std::string& folder, const std::string& service) = 0;
};

}  // namespace pysvc
