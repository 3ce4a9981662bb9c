// SPDX-License-Identifier: MIT
#include "servicemanager_module/self_host.hpp"

namespace pysvc::py {

// No host yet: functions that need one raise RuntimeError.
const pysvc_host_api* self_hosted_host() { return nullptr; }

}  // namespace pysvc::py
