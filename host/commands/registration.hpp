// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/ports.hpp"
#include "host/service/registry_editor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pysvc {

[[nodiscard]] std::string service_key(const std::string& service);
[[nodiscard]] std::string python_class_key(const std::string& service);
[[nodiscard]] std::string parameters_key(const std::string& service);
[[nodiscard]] std::string event_source_key(const std::string& source);

/// A REG_SZ or REG_EXPAND_SZ value; nullopt when it is missing or of another type.
[[nodiscard]] std::optional<std::string> read_text(RegistryEditor& registry, const std::string& key,
                                                   const std::string& name);
[[nodiscard]] Result<void> write_text(RegistryEditor& registry, const std::string& key, const std::string& name,
                                      const std::string& text);
/// A REG_SZ as it is stored.
[[nodiscard]] RawValue raw_text(const std::string& text);
/// A REG_MULTI_SZ value; empty when it is missing or of another type.
[[nodiscard]] Result<std::vector<std::string>> read_lines(RegistryEditor& registry, const std::string& key,
                                                          const std::string& name);
[[nodiscard]] Result<void> write_lines(RegistryEditor& registry, const std::string& key, const std::string& name,
                                       const std::vector<std::string>& lines);
[[nodiscard]] Result<void> write_number(RegistryEditor& registry, const std::string& key, const std::string& name,
                                        std::uint32_t number);

/// True when the service is one of ours or of pywin32: it has a PythonClass.
[[nodiscard]] bool has_python_class(RegistryEditor& registry, const std::string& service);

enum class SourceOwner { Nobody, Us, Others };

/// Who registered the event source: our message table and pywin32's servicemanager count as Us.
[[nodiscard]] SourceOwner event_source_owner(RegistryEditor& registry, const std::string& source);

/// Registers the source with the message table in `directory`.
[[nodiscard]] Result<void> register_event_source(RegistryEditor& registry, const std::string& source,
                                                 const std::string& directory);

}  // namespace pysvc
