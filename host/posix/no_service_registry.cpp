// SPDX-License-Identifier: MIT
#include "host/posix/no_service_registry.hpp"

namespace pysvc::posix {

Result<std::optional<RawValue>> NoServiceRegistry::python_class(const std::string& service) {
    return failure(ErrorCode::NotSupportedHere, 0, "looking up the class of '" + service + "' in the registry");
}

Result<std::vector<NamedValue>> NoServiceRegistry::parameters(const std::string&) { return std::vector<NamedValue>(); }

std::chrono::milliseconds NoServiceRegistry::shutdown_limit() { return std::chrono::seconds(5); }

std::chrono::milliseconds NoServiceRegistry::preshutdown_limit(const std::string&) { return std::chrono::seconds(10); }

std::string NoServiceRegistry::expand_environment(const std::string& text) { return text; }

}  // namespace pysvc::posix
