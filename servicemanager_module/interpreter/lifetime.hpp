// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

#include <cstdint>

namespace pysvc::py {

/// pysvc_engine_api::start_interpreter.
std::int32_t start_interpreter(const pysvc_interpreter_config* config, pysvc_failure* failure) noexcept;

/// pysvc_engine_api::finalize_interpreter.
std::int32_t finalize_interpreter() noexcept;

}  // namespace pysvc::py
