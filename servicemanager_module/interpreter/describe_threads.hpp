// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

#include <cstdint>

namespace pysvc::py {

/// pysvc_engine_api::describe_threads.
std::int32_t describe_threads(pysvc_text_sink out) noexcept;

}  // namespace pysvc::py
