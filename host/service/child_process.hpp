// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pysvc {

struct ChildRequest {
    std::string program;                 ///< full path
    std::vector<std::string> arguments;  ///< without the program's name; quoted by the port where needed
    std::string input;                   ///< all of its standard input
    std::string working_directory;       ///< empty: ours
    std::chrono::milliseconds limit{60'000};
};

struct ChildResult {
    std::uint32_t exit_code = 0;
    std::string output;  ///< bytes of its standard output
    std::string errors;  ///< bytes of its standard error
    bool timed_out = false;
};

/// Port: runs a program to its end. The three standard handles are pipes and nothing else is inherited. When `limit`
/// passes, the child and everything it started are killed and `timed_out` is set. An error (OperatingSystem) only when
/// it could not be started.
class ChildProcess {
public:
    virtual ~ChildProcess() = default;
    virtual Result<ChildResult> run(const ChildRequest& request) = 0;
};

/// The one of this platform.
[[nodiscard]] std::unique_ptr<ChildProcess> make_child_process();

}  // namespace pysvc
