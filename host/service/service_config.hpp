// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pysvc {

/// Below HKLM; a REG_MULTI_SZ value for each group of services that share a process: their names.
inline constexpr char kGroupsKey[] = R"(SOFTWARE\PythonService\Groups)";

/// A registry value as it is stored: nothing is believed before it was checked.
struct RawValue {
    std::uint32_t type = 0;  ///< REG_SZ = 1, REG_EXPAND_SZ = 2, REG_DWORD = 4, REG_MULTI_SZ = 7, ...
    std::vector<std::byte> data;
};

/// A value below Parameters with its name.
struct NamedValue {
    std::string name;
    RawValue value;
};

/// Port: the registry of one service, below HKLM\SYSTEM\CurrentControlSet\Services\<name>.
class ServiceConfig {
public:
    virtual ~ServiceConfig() = default;

    /// The default value of the PythonClass key; nullopt when key or value is missing.
    virtual Result<std::optional<RawValue>> python_class(const std::string& service) = 0;

    /// All values of the Parameters key; empty when it is missing.
    virtual Result<std::vector<NamedValue>> parameters(const std::string& service) = 0;

    /// What Windows leaves a service at SHUTDOWN: WaitToKillServiceTimeout less a second of reserve.
    virtual std::chrono::milliseconds shutdown_limit() = 0;
    /// And at PRESHUTDOWN: SERVICE_CONFIG_PRESHUTDOWN_INFO of the service.
    virtual std::chrono::milliseconds preshutdown_limit(const std::string& service) = 0;

    /// ExpandEnvironmentStringsW.
    virtual std::string expand_environment(const std::string& text) = 0;
};

}  // namespace pysvc
