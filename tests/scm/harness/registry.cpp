// SPDX-License-Identifier: MIT
#include "tests/scm/harness/registry.hpp"

#include "host/windows/win32.hpp"

#include <gtest/gtest.h>

#include <cwchar>

namespace pysvc::test::registry {

using win::narrow;
using win::widen;

void write(const std::string& key, const std::string& name, std::uint32_t type, std::string_view bytes) {
    win::UniqueKey handle;
    LSTATUS status = RegCreateKeyExW(HKEY_LOCAL_MACHINE, widen(key).c_str(), 0, nullptr, 0, KEY_SET_VALUE, nullptr,
                                     handle.put(), nullptr);
    if (status == ERROR_SUCCESS) {
        status = RegSetValueExW(handle.get(), widen(name).c_str(), 0, type,
                                reinterpret_cast<const BYTE*>(bytes.data()), static_cast<DWORD>(bytes.size()));
    }
    ASSERT_EQ(status, ERROR_SUCCESS) << "writing HKLM\\" << key << ", value '" << name << "'";
}

std::string units_of(const std::string& text) {
    const std::wstring wide = widen(text);
    return {reinterpret_cast<const char*>(wide.c_str()), (wide.size() + 1) * sizeof(wchar_t)};
}

void write_text(const std::string& key, const std::string& name, const std::string& text) {
    write(key, name, kText, units_of(text));
}

void write_number(const std::string& key, const std::string& name, std::uint32_t number) {
    write(key, name, kNumber, {reinterpret_cast<const char*>(&number), sizeof number});
}

void write_texts(const std::string& key, const std::string& name, const std::vector<std::string>& texts) {
    std::string bytes;
    for (const std::string& text : texts) bytes += units_of(text);
    write(key, name, kTexts, bytes + units_of(""));
}

bool exists(const std::string& key) {
    win::UniqueKey handle;
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, widen(key).c_str(), 0, KEY_QUERY_VALUE, handle.put()) == ERROR_SUCCESS;
}

std::optional<std::string> read_text(const std::string& key, const std::string& name) {
    DWORD size = 0;
    const std::wstring wide_key = widen(key);
    const std::wstring wide_name = widen(name);
    constexpr DWORD kTypes = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND;
    if (RegGetValueW(HKEY_LOCAL_MACHINE, wide_key.c_str(), wide_name.c_str(), kTypes, nullptr, nullptr, &size) !=
        ERROR_SUCCESS) {
        return std::nullopt;
    }
    std::wstring text(size / sizeof(wchar_t) + 1, L'\0');
    size = static_cast<DWORD>(text.size() * sizeof(wchar_t));
    if (RegGetValueW(HKEY_LOCAL_MACHINE, wide_key.c_str(), wide_name.c_str(), kTypes, nullptr, text.data(), &size) !=
        ERROR_SUCCESS) {
        return std::nullopt;
    }
    return narrow(text.c_str());
}

std::vector<std::string> read_texts(const std::string& key, const std::string& name) {
    std::wstring units(32'768, L'\0');
    auto size = static_cast<DWORD>(units.size() * sizeof(wchar_t));
    if (RegGetValueW(HKEY_LOCAL_MACHINE, widen(key).c_str(), widen(name).c_str(), RRF_RT_REG_MULTI_SZ, nullptr,
                     units.data(), &size) != ERROR_SUCCESS) {
        return {};
    }
    std::vector<std::string> texts;
    // Each ends with a NUL, and the list with an empty one.
    for (const wchar_t* text = units.c_str(); *text != L'\0'; text += std::wcslen(text) + 1) texts.push_back(narrow(text));
    return texts;
}

std::optional<std::uint32_t> read_number(const std::string& key, const std::string& name) {
    DWORD number = 0;
    DWORD size = sizeof number;
    if (RegGetValueW(HKEY_LOCAL_MACHINE, widen(key).c_str(), widen(name).c_str(), RRF_RT_REG_DWORD, nullptr, &number,
                     &size) != ERROR_SUCCESS) {
        return std::nullopt;
    }
    return number;
}

void remove(const std::string& key) { RegDeleteTreeW(HKEY_LOCAL_MACHINE, widen(key).c_str()); }

std::string event_source_key(const std::string& source) {
    return R"(SYSTEM\CurrentControlSet\Services\EventLog\Application\)" + source;
}

}  // namespace pysvc::test::registry
