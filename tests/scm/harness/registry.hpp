// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc::test::registry {

// Keys are named below HKEY_LOCAL_MACHINE. What cannot be written fails the test.

inline constexpr std::uint32_t kText = 1;
inline constexpr std::uint32_t kBinary = 3;
inline constexpr std::uint32_t kNumber = 4;
inline constexpr std::uint32_t kTexts = 7;

void write(const std::string& key, const std::string& name, std::uint32_t type, std::string_view bytes);
void write_text(const std::string& key, const std::string& name, const std::string& text);
void write_number(const std::string& key, const std::string& name, std::uint32_t number);
void write_texts(const std::string& key, const std::string& name, const std::vector<std::string>& texts);

/// UTF-16 with its terminator, as a REG_SZ value has it.
[[nodiscard]] std::string units_of(const std::string& text);

[[nodiscard]] bool exists(const std::string& key);
[[nodiscard]] std::optional<std::string> read_text(const std::string& key, const std::string& name);
/// A REG_MULTI_SZ value; nothing when it is missing.
[[nodiscard]] std::vector<std::string> read_texts(const std::string& key, const std::string& name);
[[nodiscard]] std::optional<std::uint32_t> read_number(const std::string& key, const std::string& name);

/// With everything below it; nothing happens when it does not exist.
void remove(const std::string& key);

/// The key of an event source.
[[nodiscard]] std::string event_source_key(const std::string& source);

}  // namespace pysvc::test::registry
