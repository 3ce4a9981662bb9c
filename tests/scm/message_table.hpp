// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace pysvc::test {

/// Every message of the RT_MESSAGETABLE resource of a file, English, as it is stored: inserts are not expanded, the
/// line break at its end is left out. Fails the test when the file has no such table.
[[nodiscard]] std::map<std::uint32_t, std::string> read_message_table(const std::filesystem::path& file);

/// The numbers of the inserts in a text, "%1!S!" and "%1" alike: the highest one, with a failure for each below it that
/// the text does not use.
[[nodiscard]] int insert_count(const std::string& text);

}  // namespace pysvc::test
