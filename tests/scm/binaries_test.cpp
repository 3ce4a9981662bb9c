// SPDX-License-Identifier: MIT
// What is inside the files that are shipped.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/message_table.hpp"
#include "tests/scm/pe_image.hpp"

#include "host/base/error.hpp"
#include "host/windows/win32.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace pysvc::test {
namespace {

/// The engine for a minor of CPython 3.
std::filesystem::path engine(int minor) {
    return program_folder() / (L"servicemanager.cp3" + std::to_wstring(minor) + L"-win_amd64.pyd");
}

/// What is mapped before any search, or searched for in System32 alone: nothing planted beside the EXE takes its place.
void expect_only_known_dlls(const std::vector<std::string>& imports) {
    constexpr const char* kKnown[] = {"advapi32.dll", "kernel32.dll", "msvcrt.dll",  "ole32.dll",
                                      "shell32.dll",  "user32.dll",   "ucrtbase.dll"};
    for (const std::string& name : imports) {
        const bool known = std::ranges::find(kKnown, name) != std::end(kKnown) || name.starts_with("api-ms-win-");
        EXPECT_TRUE(known) << name;
    }
}

void expect_no_memory_to_write_and_run(const PeImage& image) {
    constexpr DWORD kBoth = IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE;
    EXPECT_FALSE(image.sections.empty());
    for (const PeSection& section : image.sections) {
        EXPECT_NE(section.characteristics & kBoth, kBoth) << section.name;
    }
}

void expect_hardened(const PeImage& image) {
    EXPECT_EQ(image.machine, IMAGE_FILE_MACHINE_AMD64);
    EXPECT_TRUE(image.has_relocations);
    expect_no_memory_to_write_and_run(image);
    constexpr WORD kFlags = IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE | IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA |
                            IMAGE_DLLCHARACTERISTICS_NX_COMPAT;
    EXPECT_EQ(image.dll_characteristics & kFlags, kFlags) << std::hex << image.dll_characteristics;
}

TEST(Binaries, ExecutableImportsNoPythonAndOnlySystemDlls) {
    const PeImage image = read_pe_image(host_executable());
    EXPECT_FALSE(image.imports.empty());
    expect_only_known_dlls(image.imports);
    expect_hardened(image);
}

class Engine : public ::testing::TestWithParam<int> {};

TEST_P(Engine, ImportsItsPythonAndNoRuntimeOfACompiler) {
    PeImage image = read_pe_image(engine(GetParam()));
    EXPECT_EQ(std::erase(image.imports, "python3" + std::to_string(GetParam()) + ".dll"), 1u);
    expect_only_known_dlls(image.imports);
    expect_hardened(image);
}

INSTANTIATE_TEST_SUITE_P(OfCPython3, Engine, ::testing::Values(10, 11, 12, 13, 14), ::testing::PrintToStringParamName());

TEST(Binaries, MessageFileHasNoCodeToLoad) {
    const PeImage image = read_pe_image(program_folder() / L"PythonServiceMessages.dll");
    EXPECT_TRUE(image.imports.empty());
    expect_no_memory_to_write_and_run(image);
}

std::map<std::uint32_t, std::string> messages() {
    return read_message_table(program_folder() / L"PythonServiceMessages.dll");
}

TEST(MessageTable, HasTheTextOfEveryEventOfTheHost) {
    const auto all = messages();
    for (const ErrorInfo& row : error_table()) {
        if (row.event_id == 0) continue;
        ASSERT_TRUE(all.contains(row.event_id)) << row.name;
        // One insert is sent, and "!S!" keeps a viewer from expanding a "%2" in it.
        EXPECT_EQ(all.at(row.event_id), std::string(row.name) + ": %1!S!");
    }
}

TEST(MessageTable, BeginsWithTheCategories) {
    const auto all = messages();
    for (std::uint32_t number = 1; number <= kEventCategoryCount; ++number) {
        ASSERT_TRUE(all.contains(number)) << number;
        EXPECT_EQ(insert_count(all.at(number)), 0);
        EXPECT_FALSE(all.at(number).empty());
    }
    EXPECT_FALSE(all.contains(kEventCategoryCount + 1)) << "CategoryCount is too low";
}

TEST(MessageTable, HasEveryIdThatScriptsUse) {
    struct Row {
        std::uint32_t id;
        int inserts;
    };
    // pywin32's ids that are no rows of the error table, with what LogMsg and the functions beside it send.
    std::vector<Row> rows = {{0xC0000007, 0}, {0xC0000008, 1}, {0xC0000009, 1}, {0xC000000C, 1}, {0xC000000D, 1},
                             {0xC000000E, 1}, {0xC00000F2, 2}, {0xC00000F3, 2}, {0xC00000FF, 1}, {0x400000FF, 1},
                             {0x40001000, 2}, {0x40001002, 2}, {0x40001003, 2}, {0x40001004, 2}};
    for (const std::uint32_t first : {0xC000F000u, 0x8000F000u, 0x4000F000u, 0xF000u}) {
        for (std::uint32_t i = 0; i < 9; ++i) rows.push_back({first + i, 1});
    }
    const auto all = messages();
    for (const Row& row : rows) {
        ASSERT_TRUE(all.contains(row.id)) << std::hex << row.id;
        EXPECT_EQ(insert_count(all.at(row.id)), row.inserts) << std::hex << row.id;
    }
    // And nothing that nobody sends.
    const auto events = std::ranges::count_if(error_table(), [](const ErrorInfo& row) { return row.event_id != 0; });
    EXPECT_EQ(all.size(), rows.size() + static_cast<std::size_t>(events) + kEventCategoryCount);
}

TEST(MessageTable, IsFoundByWhatViewersUse) {
    const auto file = program_folder() / L"PythonServiceMessages.dll";
    const win::UniqueModule module(
        LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE));
    ASSERT_TRUE(module) << GetLastError();
    for (const auto& [id, expected] : messages()) {
        wchar_t text[2048];
        // Not expanded: "%1!S!" is what a viewer understands, which puts in narrow text where FormatMessageW is wide.
        constexpr DWORD kFlags = FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS;
        const DWORD size = FormatMessageW(kFlags, module.get(), id, 0, text, 2048, nullptr);
        EXPECT_EQ(win::narrow(std::wstring(text, size)), expected + "\r\n") << std::hex << id;
    }
}

TEST(Binaries, ExecutableHasAVersion) {
    const std::wstring file = host_executable().native();
    const HMODULE module = LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
    const win::UniqueModule owner(module);
    EXPECT_NE(FindResourceW(module, MAKEINTRESOURCEW(1), RT_VERSION), nullptr);
}

/// The manifest that the loader reads from the EXE.
std::string manifest() {
    const win::UniqueModule module(LoadLibraryExW(host_executable().c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE));
    const HRSRC resource = FindResourceW(module.get(), MAKEINTRESOURCEW(1), RT_MANIFEST);
    if (resource == nullptr) return {};
    const auto* text = static_cast<const char*>(LockResource(LoadResource(module.get(), resource)));
    return {text, SizeofResource(module.get(), resource)};
}

TEST(Binaries, ManifestAsksForNoRightsAndForTheWindowsThatIsThere) {
    const std::string text = manifest();
    EXPECT_NE(text.find(R"(level="asInvoker" uiAccess="false")"), std::string::npos) << text;
    EXPECT_NE(text.find(">true</longPathAware>"), std::string::npos) << text;
    // Windows 10 and later: without it version checks of hosted code get an old one.
    EXPECT_NE(text.find("{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"), std::string::npos) << text;
}

}  // namespace
}  // namespace pysvc::test
