// SPDX-License-Identifier: MIT
#include "host/service/platform.hpp"

#include "host/posix/children.hpp"
#include "host/posix/stacks.hpp"

#include <cstdio>
#include <utility>

#include <unistd.h>

namespace pysvc {
namespace {

/// This process, on POSIX.
class PosixProcess final : public Process {
public:
    explicit PosixProcess(std::function<std::string()> crash_log) : crash_log_(std::move(crash_log)) {}

    void terminate(std::uint32_t code) override {
        // Eight bits arrive at the parent: a failure must not become a 0 on the way.
        const std::uint32_t low = code & 0xFF;
        _exit(static_cast<int>(code != 0 && low == 0 ? 1 : low));
    }

    std::string python_stacks() override { return posix::python_stacks(crash_log_()); }

    ThreadId current_thread() override { return 0; }
    std::string native_stack(ThreadId) override { return {}; }
    std::string children() override { return posix::children(); }

    // pthreads that enter Python after its end are parked or ended by CPython itself on this platform.
    void park_late_python_threads() override {}

    void flush_c_streams() override { std::fflush(nullptr); }

private:
    std::function<std::string()> crash_log_;
};

}  // namespace

std::unique_ptr<Process> make_process(std::function<std::string()> crash_log) {
    return std::make_unique<PosixProcess>(std::move(crash_log));
}

}  // namespace pysvc
