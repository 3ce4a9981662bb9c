// SPDX-License-Identifier: MIT
#include "tests/scm/message_table.hpp"

#include "host/windows/win32.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <set>

namespace pysvc::test {

std::map<std::uint32_t, std::string> read_message_table(const std::filesystem::path& file) {
    std::map<std::uint32_t, std::string> messages;
    const win::UniqueModule module(
        LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE));
    constexpr WORD kEnglish = MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US);
    const HRSRC found =
        module ? FindResourceExW(module.get(), RT_MESSAGETABLE, MAKEINTRESOURCEW(1), kEnglish) : nullptr;
    if (found == nullptr) {
        ADD_FAILURE() << file.string() << " has no message table, error " << GetLastError();
        return messages;
    }
    const auto* begin = static_cast<const std::byte*>(LockResource(LoadResource(module.get(), found)));
    const auto& table = *reinterpret_cast<const MESSAGE_RESOURCE_DATA*>(begin);
    for (DWORD i = 0; i < table.NumberOfBlocks; ++i) {
        const MESSAGE_RESOURCE_BLOCK& block = table.Blocks[i];
        const std::byte* at = begin + block.OffsetToEntries;
        // Not "id <= HighId; ++id": the last id may be the highest there is.
        for (DWORD n = 0; n <= block.HighId - block.LowId; ++n) {
            const auto& entry = *reinterpret_cast<const MESSAGE_RESOURCE_ENTRY*>(at);
            EXPECT_NE(entry.Flags & MESSAGE_RESOURCE_UNICODE, 0) << std::hex << block.LowId + n;
            std::wstring text((entry.Length - offsetof(MESSAGE_RESOURCE_ENTRY, Text)) / sizeof(wchar_t), L'\0');
            std::memcpy(text.data(), entry.Text, text.size() * sizeof(wchar_t));
            // Filled up with NULs to a multiple of four bytes.
            text.erase(text.find_last_not_of(std::wstring_view(L"\0\r\n", 3)) + 1);
            messages[block.LowId + n] = win::narrow(text);
            at += entry.Length;
        }
    }
    return messages;
}

int insert_count(const std::string& text) {
    std::set<int> used;
    for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 2)) {
        if (at + 1 < text.size() && text[at + 1] >= '1' && text[at + 1] <= '9') used.insert(text[at + 1] - '0');
    }
    const int highest = used.empty() ? 0 : *used.rbegin();
    EXPECT_EQ(static_cast<int>(used.size()), highest) << "not every insert is shown by '" << text << "'";
    return highest;
}

}  // namespace pysvc::test
