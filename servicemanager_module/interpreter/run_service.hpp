// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

namespace pysvc::py {

/// pysvc_engine_api::run_service.
void run_service(const pysvc_run_request* request, pysvc_run_result* result) noexcept;

}  // namespace pysvc::py
