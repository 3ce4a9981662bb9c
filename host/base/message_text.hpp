// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace pysvc {

/// The English text of a message of messages/messages.mc, or nullptr for an unknown id. Generated from the same file as
/// PythonServiceMessages.dll.
[[nodiscard]] const char* message_text(std::uint32_t id);

/// The message as a viewer would show it. We expand inserts ourselves: FormatMessageW cuts long ones and expands `%n`
/// sequences inside them a second time. Unknown ids and surplus inserts show the inserts as they are.
[[nodiscard]] std::string expand_message(std::uint32_t id, std::span<const std::string> inserts);

}  // namespace pysvc
