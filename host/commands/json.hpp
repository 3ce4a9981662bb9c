// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

/// `text` as a JSON string with its quotes: ASCII stays, control characters and lone surrogates are escaped.
[[nodiscard]] std::string json_string(std::string_view text);

/// `[..., ...]` of what `to_json` makes of each element.
template <class Range, class ToJson>
[[nodiscard]] std::string json_array(const Range& range, ToJson to_json) {
    std::string body;
    for (const auto& element : range) body += (body.empty() ? "" : ", ") + to_json(element);
    return "[" + body + "]";
}

/// An array of strings.
[[nodiscard]] std::string json_array(const std::vector<std::string>& texts);

/// An object that is written field by field in the order of the calls: that order is part of the output's contract.
class JsonObject {
public:
    JsonObject& text(std::string_view name, std::string_view value);
    JsonObject& number(std::string_view name, std::uint64_t value);
    JsonObject& flag(std::string_view name, bool value);
    JsonObject& null(std::string_view name);
    /// `value` is JSON already.
    JsonObject& raw(std::string_view name, std::string_view value);
    [[nodiscard]] std::string str() const { return "{" + body_ + "}"; }

private:
    std::string body_;
};

}  // namespace pysvc
