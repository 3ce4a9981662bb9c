// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/bounded_calls.hpp"
#include "host/service/host_api.h"
#include "host/service/process.hpp"

#include <chrono>
#include <string>

namespace pysvc {

/// What is asked about a service that does not do what it should. `engine` may be null: Python is not running then.
struct EvidenceSources {
    Process& process;
    const pysvc_engine_api* engine;
    ThreadId thread;  ///< the one that runs the service
    BoundedCalls& calls;
    /// How long Python is asked which threads it has; taking the GIL may take for ever.
    std::chrono::milliseconds patience;
};

/// The text for an event: Python's live threads, child processes, the native stack of the service's thread and, last
/// and longest, the Python stacks of all threads. The parts before those are short, so that the cut that an event makes
/// in the middle of a long text never takes them. Watchdog thread; does not wait for the GIL.
[[nodiscard]] std::string gather_evidence(const EvidenceSources& sources);

}  // namespace pysvc
