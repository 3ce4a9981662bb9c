// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

namespace pysvc::py {

/// The functions of this engine: what pysvc_open_engine returns, and what the host inside this module uses directly.
[[nodiscard]] const pysvc_engine_api& engine_api() noexcept;

}  // namespace pysvc::py
