// SPDX-License-Identifier: MIT
#pragma once

#include "tests/differential/host_run.hpp"

#include <functional>

namespace pysvc::test {

/// Runs `drive` with pywin32's host and with ours and compares everything that was seen. A behaviour that differs must be
/// one of differences.txt, with both values as they are there; one that is there must differ. Every behaviour goes into
/// the results (PYSVC_CONTRACT_RESULTS), from which scripts/check-contract sees that no row of the contract is missing.
void compare_hosts(const std::function<void(HostRun&)>& drive);

}  // namespace pysvc::test
