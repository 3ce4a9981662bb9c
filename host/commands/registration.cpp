// SPDX-License-Identifier: MIT
#include "host/commands/registration.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/service/event_log.hpp"
#include "host/service/settings.hpp"

#include <cstring>

namespace pysvc {
namespace {

constexpr char kServices[] = "SYSTEM\\CurrentControlSet\\Services\\";
constexpr char kEventSources[] = "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\";

RawValue raw_units(std::uint32_t type, const std::u16string& units) {
    RawValue value{type, std::vector<std::byte>(units.size() * sizeof(char16_t))};
    std::memcpy(value.data.data(), units.data(), value.data.size());
    return value;
}

/// With the NUL that ends each string of the registry.
std::u16string terminated(const std::string& text) { return utf16_from_utf8(text) + u'\0'; }

}  // namespace

RawValue raw_text(const std::string& text) { return raw_units(registry_type::kText, terminated(text)); }

std::string service_key(const std::string& service) { return kServices + service; }

std::string python_class_key(const std::string& service) { return service_key(service) + "\\PythonClass"; }

std::string parameters_key(const std::string& service) { return service_key(service) + "\\Parameters"; }

std::string event_source_key(const std::string& source) { return kEventSources + source; }

std::optional<std::string> read_text(RegistryEditor& registry, const std::string& key, const std::string& name) {
    const auto value = registry.read(key, name);
    if (!value || !*value) return std::nullopt;
    const auto text = text_of(**value);
    if (!text) return std::nullopt;
    return *text;
}

Result<void> write_text(RegistryEditor& registry, const std::string& key, const std::string& name,
                        const std::string& text) {
    return registry.write(key, name, raw_text(text));
}

Result<std::vector<std::string>> read_lines(RegistryEditor& registry, const std::string& key, const std::string& name) {
    const auto value = registry.read(key, name);
    if (!value) return failure(value.error());
    if (!*value) return std::vector<std::string>();
    return lines_of(**value).value_or(std::vector<std::string>());
}

Result<void> write_lines(RegistryEditor& registry, const std::string& key, const std::string& name,
                         const std::vector<std::string>& lines) {
    std::u16string units;
    for (const std::string& line : lines) units += terminated(line);
    return registry.write(key, name, raw_units(registry_type::kLines, units + u'\0'));
}

Result<void> write_number(RegistryEditor& registry, const std::string& key, const std::string& name,
                          std::uint32_t number) {
    RawValue value{registry_type::kNumber, std::vector<std::byte>(sizeof number)};
    std::memcpy(value.data.data(), &number, sizeof number);
    return registry.write(key, name, value);
}

bool has_python_class(RegistryEditor& registry, const std::string& service) {
    return registry.has_key(python_class_key(service));
}

SourceOwner event_source_owner(RegistryEditor& registry, const std::string& source) {
    const auto file = read_text(registry, event_source_key(source), "EventMessageFile");
    if (!file) return SourceOwner::Nobody;
    const std::string lower = lower_case(*file);
    const bool ours = lower.ends_with(lower_case(kMessageFile)) || lower.find("servicemanager") != std::string::npos;
    return ours ? SourceOwner::Us : SourceOwner::Others;
}

Result<void> register_event_source(RegistryEditor& registry, const std::string& source, const std::string& directory) {
    const std::string key = event_source_key(source);
    const std::string file = absolute_from(directory, kMessageFile);
    for (const char* name : {"EventMessageFile", "CategoryMessageFile"}) {
        if (auto done = write_text(registry, key, name, file); !done) return done;
    }
    if (auto done = write_number(registry, key, "TypesSupported", kEventTypesSupported); !done) return done;
    return write_number(registry, key, "CategoryCount", kEventCategoryCount);
}

}  // namespace pysvc
