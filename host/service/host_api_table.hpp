// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

namespace pysvc {

class ServiceHost;

/// The host's side of the C boundary for `host`, which must outlive the interpreter.
[[nodiscard]] pysvc_host_api host_api_table(ServiceHost& host);

}  // namespace pysvc
