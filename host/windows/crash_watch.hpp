// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/crash_watch.hpp"

namespace pysvc::win {

/// Crashes and processes of Windows.
class WindowsCrashWatch final : public CrashWatch {
public:
    ProcessIdentity this_process() override;
    bool is_running(const ProcessIdentity& process) override;
    std::chrono::system_clock::time_point machine_started() override;
    void write_dumps(const std::string& folder, const std::string& service) override;
};

}  // namespace pysvc::win
