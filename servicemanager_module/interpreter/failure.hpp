// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "host/service/host_api.h"
#include "servicemanager_module/interpreter/python.hpp"

#include <string>
#include <string_view>

namespace pysvc::py {

/// Fills `out` for the host: code and text cross the boundary, the Error object does not.
void tell(pysvc_failure& out, const Error& error) noexcept;
void tell(pysvc_failure& out, ErrorCode code, std::string_view text) noexcept;

/// The exception with its traceback and the chain of its causes, as Python prints it; without a final line break. Never
/// throws for a Python reason. GIL.
[[nodiscard]] std::string traceback_text(const pb::error_already_set& error);

}  // namespace pysvc::py
