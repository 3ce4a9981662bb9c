// SPDX-License-Identifier: MIT
#include "host/posix/process.hpp"

#include "host/posix/stacks.hpp"

#include <cstdio>

#include <unistd.h>

namespace pysvc::posix {

void PosixProcess::terminate(std::uint32_t code) {
    // Eight bits arrive at the parent: a failure must not become a 0 on the way.
    const std::uint32_t low = code & 0xFF;
    _exit(static_cast<int>(code != 0 && low == 0 ? 1 : low));
}

std::string PosixProcess::python_stacks() { return posix::python_stacks(crash_log_()); }

// pthreads that enter Python after its end are parked or ended by CPython itself on this platform.
void PosixProcess::park_late_python_threads() {}

void PosixProcess::flush_c_streams() { std::fflush(nullptr); }

}  // namespace pysvc::posix
