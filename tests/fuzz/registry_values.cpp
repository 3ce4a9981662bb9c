// SPDX-License-Identifier: MIT
// Values of the registry, of any type and with any bytes: pysvc::text_of, pysvc::lines_of, pysvc::read_class_spec.
#include "host/service/class_spec.hpp"
#include "host/service/settings.hpp"
#include "tests/fakes/fake_config.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstring>

namespace pysvc::fuzz {
namespace {

std::u16string units_of(const RawValue& value) {
    std::u16string units(value.data.size() / sizeof(char16_t), u'\0');
    if (!units.empty()) std::memcpy(units.data(), value.data.data(), units.size() * sizeof(char16_t));
    return units;
}

void check_text(const RawValue& value) {
    const auto text = text_of(value);
    const bool is_text = value.type == fakes::kRegSz || value.type == fakes::kRegExpandSz;
    if (!text) {
        require(!is_text || text.error().code == ErrorCode::ClassValueHasNul, "only a NUL keeps a text from being one");
        require(is_printable(text.error().context), "the context of an error can be logged");
        return;
    }
    require(is_text, "only REG_SZ and REG_EXPAND_SZ are text");
    const std::u16string units = units_of(value);
    const std::size_t end = units.find_last_not_of(u'\0') + 1;
    require(utf16_from_utf8(*text) == units.substr(0, end), "a text is the value without its terminators");
}

void check_lines(const RawValue& value) {
    const auto lines = lines_of(value);
    require(lines.has_value() == (value.type == fakes::kRegMultiSz), "only REG_MULTI_SZ is lines");
    if (!lines) return;
    std::u16string from_lines;
    for (const std::string& line : *lines) {
        require(!line.empty() && line.find('\0') == std::string::npos, "no line is empty or has a NUL");
        from_lines += utf16_from_utf8(line);
    }
    std::u16string units = units_of(value);
    std::erase(units, u'\0');
    require(from_lines == units, "no unit is lost between the lines");
}

void check(const RawValue& value) {
    check_text(value);
    check_lines(value);
    fakes::FakeConfig config;
    config.set_class("service", value);
    config.set_variable("ROOT", R"(C:\root)");
    const auto spec = read_class_spec("service", config);
    if (!spec) require(is_printable(spec.error().context), "the context of an error can be logged");
}

}  // namespace
}  // namespace pysvc::fuzz

/// The first byte is the type, the others are the data.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    pysvc::RawValue value{data[0], std::vector<std::byte>(size - 1)};
    if (size > 1) std::memcpy(value.data.data(), data + 1, size - 1);
    pysvc::fuzz::check(value);
    return 0;
}
