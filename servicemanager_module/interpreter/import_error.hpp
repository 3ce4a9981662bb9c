// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "servicemanager_module/interpreter/python.hpp"

#include <string>

namespace pysvc::py {

/// What the import of `module` failed with: no such module (with sys.path), a syntax error (with its place), or
/// whatever the module's code raised, SystemExit included. GIL.
[[nodiscard]] Error import_error(const pb::error_already_set& error, const std::string& module);

}  // namespace pysvc::py
