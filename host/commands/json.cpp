// SPDX-License-Identifier: MIT
#include "host/commands/json.hpp"

#include "host/base/text.hpp"

#include <fmt/format.h>

namespace pysvc {

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char16_t unit : utf16_from_utf8(text)) {
        if (unit == u'"' || unit == u'\\') {
            out.push_back('\\');
            out.push_back(static_cast<char>(unit));
        } else if (unit >= 0x20 && unit < 0x7F) {
            out.push_back(static_cast<char>(unit));
        } else {
            // Escapes are safe whatever code page a reader assumes.
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(unit));
        }
    }
    return out + "\"";
}

std::string json_array(const std::vector<std::string>& texts) {
    return json_array(texts, [](const std::string& text) { return json_string(text); });
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view value) {
    if (!body_.empty()) body_ += ", ";
    body_ += fmt::format("{}: {}", json_string(name), value);
    return *this;
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) { return raw(name, json_string(value)); }

JsonObject& JsonObject::number(std::string_view name, std::uint64_t value) {
    return raw(name, fmt::format("{}", value));
}

JsonObject& JsonObject::flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }

JsonObject& JsonObject::null(std::string_view name) { return raw(name, "null"); }

}  // namespace pysvc
