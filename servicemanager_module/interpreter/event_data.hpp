// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"
#include "servicemanager_module/interpreter/python.hpp"

namespace pysvc::py {

/// The third argument of a handler that takes extra ones, in pywin32's shapes: DEVICEEVENT the address of the structure
/// as int, POWEREVENT with a changed setting (IID, bytes), SESSIONCHANGE (session id,), else None. GIL.
[[nodiscard]] pb::object event_data(const pysvc_control& control);

/// The same for our own API: the bytes of whatever Windows sent, or None. GIL.
[[nodiscard]] pb::object raw_event_data(const pysvc_control& control);

}  // namespace pysvc::py
