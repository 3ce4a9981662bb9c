// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/crash_watch.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace pysvc::fakes {

/// Answers as told; remembers where minidumps were wanted.
class FakeCrashWatch final : public CrashWatch {
public:
    ProcessIdentity self{100, 5'000};
    std::vector<ProcessIdentity> others;  ///< that run
    std::chrono::system_clock::time_point machine_start;
    std::string dump_folder;
    std::string dump_service;

    ProcessIdentity this_process() override { return self; }
    bool is_running(const ProcessIdentity& process) override {
        return std::ranges::find(others, process) != others.end();
    }
    std::chrono::system_clock::time_point machine_started() override { return machine_start; }
    void write_dumps(const std::string& folder, const std::string& service) override {
        dump_folder = folder;
        dump_service = service;
    }
};

}  // namespace pysvc::fakes
