// SPDX-License-Identifier: MIT
#include "host/windows/service_registry.hpp"

#include "host/service/settings.hpp"
#include "host/windows/win32.hpp"

#include <algorithm>
#include <cstring>

namespace pysvc::win {
namespace {

constexpr char kServices[] = R"(SYSTEM\CurrentControlSet\Services\)";

/// A missing key is no error here: the caller knows a default.
Result<UniqueKey> open_key(const std::string& path) {
    UniqueKey key;
    const LSTATUS status = RegOpenKeyExW(HKEY_LOCAL_MACHINE, widen(path).c_str(), 0, KEY_READ, key.put());
    if (status == ERROR_SUCCESS || status == ERROR_FILE_NOT_FOUND || status == ERROR_PATH_NOT_FOUND) return key;
    return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(status), R"(opening HKLM\)" + path);
}

/// A value as stored; nullopt when it is missing. The size may change between two calls, hence the loop.
Result<std::optional<RawValue>> read_value(HKEY key, const std::wstring& name, const std::string& what) {
    RawValue value;
    DWORD size = 0;
    for (;;) {
        value.data.resize(size);
        DWORD type = 0;
        const LSTATUS status =
            RegQueryValueExW(key, name.c_str(), nullptr, &type, reinterpret_cast<BYTE*>(value.data.data()), &size);
        if (status == ERROR_FILE_NOT_FOUND) return std::nullopt;
        if (status == ERROR_MORE_DATA || (status == ERROR_SUCCESS && size > value.data.size())) continue;
        if (status != ERROR_SUCCESS) {
            return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(status), "reading " + what);
        }
        value.type = type;
        value.data.resize(size);
        return value;
    }
}

std::chrono::milliseconds read_milliseconds(const std::string& path, const wchar_t* name,
                                            std::chrono::milliseconds fallback) {
    const auto key = open_key(path);
    if (!key || !*key) return fallback;
    const auto value = read_value(key->get(), name, path);
    if (!value || !*value) return fallback;
    if ((*value)->type == REG_DWORD && (*value)->data.size() == sizeof(DWORD)) {
        DWORD number = 0;
        std::memcpy(&number, (*value)->data.data(), sizeof number);
        return std::chrono::milliseconds(number);
    }
    const auto text = text_of(**value);
    const long long number = text ? std::atoll(text->c_str()) : 0;
    return number > 0 ? std::chrono::milliseconds(number) : fallback;
}

}  // namespace

Result<std::optional<RawValue>> ServiceRegistry::python_class(const std::string& service) {
    const std::string path = kServices + service + R"(\PythonClass)";
    auto key = open_key(path);
    if (!key) return failure(key.error());
    if (!*key) return std::nullopt;
    return read_value(key->get(), {}, R"(HKLM\)" + path);
}

Result<std::vector<NamedValue>> ServiceRegistry::parameters(const std::string& service) {
    const std::string path = kServices + service + R"(\Parameters)";
    auto key = open_key(path);
    if (!key) return failure(key.error());
    std::vector<NamedValue> values;
    if (!*key) return values;
    // Longest name of a value: 16,383 characters (MSDN, registry element size limits).
    std::wstring name(16'384, L'\0');
    for (DWORD index = 0;; ++index) {
        auto length = static_cast<DWORD>(name.size());
        const LSTATUS status =
            RegEnumValueW(key->get(), index, name.data(), &length, nullptr, nullptr, nullptr, nullptr);
        if (status != ERROR_SUCCESS) return values;
        const std::wstring value_name(name.data(), length);
        auto value = read_value(key->get(), value_name, R"(HKLM\)" + path);
        if (value && *value) values.push_back({narrow(value_name), std::move(**value)});
    }
}

std::chrono::milliseconds ServiceRegistry::shutdown_limit() {
    using namespace std::chrono_literals;
    // 5 s is what current Windows ships; the documentation still says 20.
    const auto limit =
        read_milliseconds(R"(SYSTEM\CurrentControlSet\Control)", L"WaitToKillServiceTimeout", 5s);
    return std::max<std::chrono::milliseconds>(1s, limit - 1s);
}

std::chrono::milliseconds ServiceRegistry::preshutdown_limit(const std::string& service) {
    using namespace std::chrono_literals;
    // Where ChangeServiceConfig2(SERVICE_CONFIG_PRESHUTDOWN_INFO) keeps it; the default since Windows 10 1703 is 10 s.
    const auto limit = read_milliseconds(kServices + service, L"PreshutdownTimeout", 10s);
    return std::max<std::chrono::milliseconds>(1s, limit - 1s);
}

std::string ServiceRegistry::expand_environment(const std::string& text) {
    const std::wstring source = widen(text);
    std::wstring target;
    DWORD needed = ExpandEnvironmentStringsW(source.c_str(), nullptr, 0);
    do {
        target.resize(needed);
        needed = ExpandEnvironmentStringsW(source.c_str(), target.data(), static_cast<DWORD>(target.size()));
    } while (needed > target.size());
    if (needed == 0) return text;
    target.resize(needed - 1);
    return narrow(target);
}

std::vector<std::string> ServiceRegistry::group_names(const std::string& group) {
    const auto key = open_key(kGroupsKey);
    if (!key || !*key) return {};
    const auto value = read_value(key->get(), widen(group), kGroupsKey);
    if (!value || !*value) return {};
    return lines_of(**value).value_or(std::vector<std::string>());
}

}  // namespace pysvc::win
