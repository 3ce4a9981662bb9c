// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/service_config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pysvc {

/// Registry value types that we write.
namespace registry_type {
inline constexpr std::uint32_t kText = 1;        ///< REG_SZ
inline constexpr std::uint32_t kExpandText = 2;  ///< REG_EXPAND_SZ
inline constexpr std::uint32_t kNumber = 4;      ///< REG_DWORD
inline constexpr std::uint32_t kLines = 7;       ///< REG_MULTI_SZ
}  // namespace registry_type

/// Port: HKEY_LOCAL_MACHINE, 64-bit view. Keys are paths below it with backslashes; an empty value name is the
/// default value. Errors are OperatingSystem with the Win32 code and the key as context.
class RegistryEditor {
public:
    virtual ~RegistryEditor() = default;

    /// nullopt when the key or the value is missing.
    virtual Result<std::optional<RawValue>> read(const std::string& key, const std::string& name) = 0;
    /// Makes the key and its parents.
    virtual Result<void> write(const std::string& key, const std::string& name, const RawValue& value) = 0;
    /// Success when it is missing.
    virtual Result<void> delete_value(const std::string& key, const std::string& name) = 0;
    /// The key with everything below it; success when it is missing.
    virtual Result<void> delete_key(const std::string& key) = 0;
    /// False as well when it may not be read.
    virtual bool has_key(const std::string& key) = 0;
};

/// The registry of this platform.
[[nodiscard]] std::unique_ptr<RegistryEditor> make_registry_editor();

}  // namespace pysvc
