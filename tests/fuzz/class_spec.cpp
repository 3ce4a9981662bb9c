// SPDX-License-Identifier: MIT
// Class strings: pysvc::parse_class_spec.
#include "host/service/class_spec.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace pysvc::fuzz {
namespace {

/// A spelling that must mean the same.
std::string spelled(const ClassSpec& spec) {
    std::string text = spec.directory;
    if (!text.empty()) text += '\\';
    text += spec.module;
    // One suffix would be taken off.
    if (lower_case(spec.module).ends_with(".py")) text += ".py";
    return text + ':' + spec.class_name;
}

void check(std::string_view text) {
    const auto spec = parse_class_spec(text);
    if (!spec) {
        require(is_printable(spec.error().context), "the context of an error can be logged");
        return;
    }
    require(!spec->module.empty() && !spec->class_name.empty(), "there is a module and a class");
    require(spec->module.find_first_of("\\/") == std::string::npos, "no folder is left in the module");
    require(spec->class_name.find_first_of("\\/") == std::string::npos, "no folder is left in the class");
    require(!spec->module.starts_with('.') && !spec->module.ends_with('.') &&
                spec->module.find("..") == std::string::npos,
            "no part of the module is empty");
    require(spec->directory.empty() == (text.find_first_of("\\/") == std::string_view::npos),
            "there is a directory when one is named");
    require(!spec->directory.ends_with(':'), "it is not the current folder of a drive");
    const std::string again = spelled(*spec);
    if (utf16_length(again) > kMaxClassString) return;
    const auto same = parse_class_spec(again);
    require(same.has_value() && *same == *spec, "another spelling means the same");
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    pysvc::fuzz::check(pysvc::fuzz::text_of_input(data, size));
    return 0;
}
