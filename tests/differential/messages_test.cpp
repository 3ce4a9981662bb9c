// SPDX-License-Identifier: MIT
// pywin32.md 1.3: the message table, read from the two files that Event Viewer opens.
#include "tests/differential/comparison.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

namespace pysvc::test {
namespace {

std::string hexadecimal(DWORD id) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08lX", static_cast<unsigned long>(id));
    return text;
}

/// The ids of a module's message table, as MESSAGE_RESOURCE_DATA has them: blocks of consecutive ids.
std::vector<DWORD> ids_of(HMODULE module) {
    std::vector<DWORD> ids;
    const HRSRC resource = FindResourceW(module, MAKEINTRESOURCEW(1), RT_MESSAGETABLE);
    const auto* data = static_cast<const MESSAGE_RESOURCE_DATA*>(LockResource(LoadResource(module, resource)));
    if (data == nullptr) return ids;
    for (DWORD i = 0; i < data->NumberOfBlocks; ++i) {
        for (DWORD id = data->Blocks[i].LowId; id <= data->Blocks[i].HighId; ++id) ids.push_back(id);
    }
    return ids;
}

/// The text without insertions; empty when there is none.
std::wstring text_of(HMODULE module, DWORD id) {
    wchar_t* text = nullptr;
    const DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_IGNORE_INSERTS,
                                        module, id, 0, reinterpret_cast<wchar_t*>(&text), 0, nullptr);
    std::wstring copy(text == nullptr ? L"" : text, length);
    LocalFree(text);
    return copy;
}

/// The highest %n of a text.
int inserts_of(const std::wstring& text) {
    int highest = 0;
    for (std::size_t at = text.find(L'%'); at != text.npos; at = text.find(L'%', at + 1)) {
        if (at + 1 < text.size() && text[at + 1] >= L'1' && text[at + 1] <= L'9') highest = std::max<int>(highest, text[at + 1] - L'0');
    }
    return highest;
}

TEST(Messages, HaveTheSameIds) {
    compare_hosts([](HostRun& run) {
        // pywin32's ids come from its own file, for both: what we have beyond them is ours.
        const HMODULE reference = LoadLibraryExW(message_file_of(Host::Pywin32).c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
        const HMODULE module = LoadLibraryExW(message_file_of(run.host()).c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
        ASSERT_NE(reference, nullptr);
        ASSERT_NE(module, nullptr);
        const std::vector<DWORD> ids = ids_of(reference);
        EXPECT_GT(ids.size(), 50u);
        for (const DWORD id : ids) {
            const std::wstring text = text_of(module, id);
            run.observe(hexadecimal(id) + "/has a text", std::to_string(!text.empty()));
            run.observe(hexadecimal(id) + "/inserts", static_cast<DWORD>(inserts_of(text)));
        }
        FreeLibrary(module);
        FreeLibrary(reference);
    });
}

}  // namespace
}  // namespace pysvc::test
