// SPDX-License-Identifier: MIT
#include "host/service/class_spec.hpp"

#include "host/base/text.hpp"
#include "host/service/settings.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

/// REG_EXPAND_SZ.
constexpr std::uint32_t kExpandText = 2;

std::string key_of(const std::string& service) {
    return fmt::format(R"(HKLM\SYSTEM\CurrentControlSet\Services\{}\PythonClass)", service);
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n\"");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n\"") - first + 1);
}

/// Where the class name begins: after the last ':' (module:Class; not the colon of a drive), else after the last '.'.
std::size_t class_separator(std::string_view name) {
    const std::size_t colon = name.rfind(':');
    return colon != std::string_view::npos ? colon : name.rfind('.');
}

std::string without_py_suffix(std::string_view module) {
    if (module.size() > 3 && equal_ignoring_case(module.substr(module.size() - 3), ".py")) module.remove_suffix(3);
    return std::string(module);
}

}  // namespace

Result<ClassSpec> parse_class_spec(std::string_view text) {
    const std::string_view spec = trimmed(text);
    if (spec.empty()) return failure(ErrorCode::ClassValueEmpty, 0, {});
    if (utf16_length(spec) > kMaxClassString) {
        return failure(ErrorCode::ClassValueTooLong, 0,
                       fmt::format("{} characters, beginning '{}'", utf16_length(spec), escaped(spec.substr(0, 80))));
    }
    if (spec.find('\0') != std::string_view::npos) {
        return failure(ErrorCode::ClassValueHasNul, 0, fmt::format("'{}'", escaped(spec)));
    }

    const std::size_t folder_end = spec.find_last_of("\\/");
    const std::string_view name = folder_end == std::string_view::npos ? spec : spec.substr(folder_end + 1);
    std::string_view directory;
    if (folder_end != std::string_view::npos) {
        directory = spec.substr(0, folder_end);
        // A root keeps its separator: "C:" alone would be the current folder of the drive, "" no folder at all.
        if (directory.empty() || directory.ends_with(':')) directory = spec.substr(0, folder_end + 1);
    }

    const std::size_t separator = class_separator(name);
    ClassSpec result;
    if (separator != std::string_view::npos) {
        result.directory = directory;
        result.module = without_py_suffix(name.substr(0, separator));
        result.class_name = name.substr(separator + 1);
    }
    // `directory\file.py` names a file and no class; nobody means a class 'py'.
    const bool only_a_file = separator != std::string_view::npos && name[separator] == '.' &&
                             equal_ignoring_case(result.class_name, "py");
    const bool empty_part = result.module.starts_with('.') || result.module.ends_with('.') ||
                            result.module.find("..") != std::string::npos;
    if (result.module.empty() || result.class_name.empty() || empty_part || only_a_file) {
        return failure(ErrorCode::ClassValueNoDot, 0, fmt::format("'{}'", escaped(spec)));
    }
    return result;
}

Result<ClassSpec> read_class_spec(const std::string& service, ServiceConfig& config) {
    const auto with_key = [&](Error error) {
        error.context = error.context.empty() ? key_of(service) : fmt::format("{}: {}", key_of(service), error.context);
        return failure(std::move(error));
    };
    auto value = config.python_class(service);
    if (!value) return failure(value.error());
    if (!*value) return failure(ErrorCode::ClassValueMissing, 0, key_of(service));
    auto text = text_of(**value);
    if (!text) return with_key(text.error());
    auto spec = parse_class_spec((*value)->type == kExpandText ? config.expand_environment(*text) : *text);
    if (!spec) return with_key(spec.error());
    return spec;
}

}  // namespace pysvc
