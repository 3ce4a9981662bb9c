// SPDX-License-Identifier: MIT
#include "host/windows/event_log.hpp"

#include "host/windows/win32.hpp"

namespace pysvc::win {
namespace {

std::wstring source_key(const std::string& source) {
    return widen(R"(SYSTEM\CurrentControlSet\Services\EventLog\Application\)" + source);
}

LSTATUS set_text(HKEY key, const wchar_t* name, const std::string& text) {
    const std::wstring wide = widen(text);
    return RegSetValueExW(key, name, 0, REG_SZ, reinterpret_cast<const BYTE*>(wide.c_str()),
                          static_cast<DWORD>((wide.size() + 1) * sizeof(wchar_t)));
}

LSTATUS set_number(HKEY key, const wchar_t* name, DWORD number) {
    return RegSetValueExW(key, name, 0, REG_DWORD, reinterpret_cast<const BYTE*>(&number), sizeof number);
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
    if (!ReportEventW(log.get(), static_cast<WORD>(event.type), static_cast<WORD>(event.category), event.id, nullptr,
                      static_cast<WORD>(inserts.size()), 0, inserts.empty() ? nullptr : inserts.data(), nullptr)) {
        return failure(ErrorCode::LogUnavailable, GetLastError(), "ReportEventW for '" + source + "'");
    }
    return {};
}

Result<void> WindowsEventLog::register_source(const std::string& source, const EventFiles& files) {
    UniqueKey key;
    LSTATUS status = RegCreateKeyExW(HKEY_LOCAL_MACHINE, source_key(source).c_str(), 0, nullptr, 0, KEY_SET_VALUE,
                                     nullptr, key.put(), nullptr);
    if (status == ERROR_SUCCESS) status = set_text(key.get(), L"EventMessageFile", files.messages);
    if (status == ERROR_SUCCESS) status = set_number(key.get(), L"TypesSupported", kEventTypesSupported);
    if (status == ERROR_SUCCESS) status = set_text(key.get(), L"CategoryMessageFile", files.categories);
    if (status == ERROR_SUCCESS) status = set_number(key.get(), L"CategoryCount", kEventCategoryCount);
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
