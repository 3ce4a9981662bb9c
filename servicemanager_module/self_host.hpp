// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

namespace pysvc::py {

/// The host inside this module, for a script that python.exe runs and that hosts its service itself; made at the first
/// call. NULL where there is none. Under the GIL, so it may only touch memory.
[[nodiscard]] const pysvc_host_api* self_hosted_host();

}  // namespace pysvc::py
