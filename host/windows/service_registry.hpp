// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/service_config.hpp"

namespace pysvc::win {

/// The registry of services, opened for reading only: a service needs no right on its own configuration.
class ServiceRegistry final : public ServiceConfig {
public:
    Result<std::optional<RawValue>> python_class(const std::string& service) override;
    Result<std::vector<NamedValue>> parameters(const std::string& service) override;
    std::chrono::milliseconds shutdown_limit() override;
    std::chrono::milliseconds preshutdown_limit(const std::string& service) override;
    std::string expand_environment(const std::string& text) override;

    /// The names of a shared process: REG_MULTI_SZ HKLM\SOFTWARE\PythonService\Groups, value `group`. Empty if missing.
    static std::vector<std::string> group_names(const std::string& group);
};

}  // namespace pysvc::win
