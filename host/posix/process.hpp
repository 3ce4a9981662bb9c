// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/process.hpp"

#include <functional>
#include <string>
#include <utility>

namespace pysvc::posix {

/// This process, on POSIX.
class PosixProcess final : public Process {
public:
    /// `crash_log` says where faulthandler writes; it is known once the log folder is.
    explicit PosixProcess(std::function<std::string()> crash_log) : crash_log_(std::move(crash_log)) {}

    void terminate(std::uint32_t code) override;
    std::string python_stacks() override;
    void park_late_python_threads() override;
    void flush_c_streams() override;

private:
    std::function<std::string()> crash_log_;
};

}  // namespace pysvc::posix
