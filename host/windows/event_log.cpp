// SPDX-License-Identifier: MIT
#include "host/windows/event_log.hpp"

#include "host/windows/win32.hpp"

namespace pysvc::win {
namespace {

std::wstring source_key(const std::string& source) {
    return widen(R"(SYSTEM\CurrentControlSet\Services\EventLog\Application\)" + source);
}

LSTATUS set_value(HKEY key, const wchar_t* name, DWORD type, const void* data, std::size_t size) {
    return RegSetValueExW(key, name, 0, type, static_cast<const BYTE*>(data), static_cast<DWORD>(size));
}

}  // namespace

Result<void> WindowsEventLog::report(const std::string& source, const Event& event) {
    const std::wstring name = widen(source);
    const UniqueEventSource log(RegisterEventSourceW(nullptr, name.c_str()));
    if (!log) return failure(ErrorCode::LogUnavailable, GetLastError(), "RegisterEventSourceW for '" + source + "'");

    std::vector<std::wstring> texts;
    for (const std::string& insert : event.inserts) texts.push_back(widen(insert));
    std::vector<const wchar_t*> inserts;
    for (const std::wstring& text : texts) inserts.push_back(text.c_str());
    if (!ReportEventW(log.get(), static_cast<WORD>(event.type), 0, event.id, nullptr,
                      static_cast<WORD>(inserts.size()), 0, inserts.empty() ? nullptr : inserts.data(), nullptr)) {
        return failure(ErrorCode::LogUnavailable, GetLastError(), "ReportEventW for '" + source + "'");
    }
    return {};
}

Result<void> WindowsEventLog::register_source(const std::string& source, const std::string& message_file) {
    UniqueKey key;
    LSTATUS status = RegCreateKeyExW(HKEY_LOCAL_MACHINE, source_key(source).c_str(), 0, nullptr, 0, KEY_SET_VALUE,
                                     nullptr, key.put(), nullptr);
    if (status == ERROR_SUCCESS) {
        const std::wstring file = widen(message_file);
        status = set_value(key.get(), L"EventMessageFile", REG_SZ, file.c_str(), (file.size() + 1) * sizeof(wchar_t));
    }
    if (status == ERROR_SUCCESS) {
        constexpr DWORD kTypes = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
        status = set_value(key.get(), L"TypesSupported", REG_DWORD, &kTypes, sizeof kTypes);
    }
    if (status != ERROR_SUCCESS) {
        return failure(ErrorCode::LogUnavailable, static_cast<std::uint32_t>(status),
                       R"(writing HKLM\)" + narrow(source_key(source)));
    }
    return {};
}

bool WindowsEventLog::is_source_registered(const std::string& source) {
    UniqueKey key;
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, source_key(source).c_str(), 0, KEY_QUERY_VALUE, key.put()) ==
           ERROR_SUCCESS;
}

}  // namespace pysvc::win
