// SPDX-License-Identifier: MIT
#include "host/base/error.hpp"
#include "host/base/text.hpp"

#include <windows.h>

#include <fmt/format.h>

namespace pysvc {

std::string os_error_message(std::uint32_t os_code) {
    wchar_t* buffer = nullptr;
    const DWORD length =
        FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       nullptr, os_code, 0, reinterpret_cast<wchar_t*>(&buffer), 0, nullptr);
    std::u16string text(reinterpret_cast<const char16_t*>(buffer), length);
    LocalFree(buffer);
    while (!text.empty() && text.back() <= u' ') text.pop_back();
    return text.empty() ? fmt::format("Windows error {}", os_code) : utf8_from_utf16(text);
}

}  // namespace pysvc
