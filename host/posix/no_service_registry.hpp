// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/service_config.hpp"

namespace pysvc::posix {

/// There is no registry here: debug mode knows its class from the command line and runs on defaults.
class NoServiceRegistry final : public ServiceConfig {
public:
    Result<std::optional<RawValue>> python_class(const std::string& service) override;
    Result<std::vector<NamedValue>> parameters(const std::string& service) override;
    std::chrono::milliseconds shutdown_limit() override;
    std::chrono::milliseconds preshutdown_limit(const std::string& service) override;
    std::string expand_environment(const std::string& text) override;
};

}  // namespace pysvc::posix
