// SPDX-License-Identifier: MIT
// What is inside the files that are shipped.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/pe_image.hpp"

#include "host/windows/win32.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pysvc::test {
namespace {

/// The engine for the Python that the tests use.
std::filesystem::path engine() {
    for (const auto& entry : std::filesystem::directory_iterator(program_folder())) {
        const std::wstring name = entry.path().filename().native();
        if (name.starts_with(L"servicemanager.cp") && name.ends_with(L".pyd")) return entry.path();
    }
    return {};
}

bool imports(const PeImage& image, const std::string& prefix) {
    return std::ranges::any_of(image.imports, [&](const std::string& name) { return name.starts_with(prefix); });
}

void expect_hardened(const PeImage& image) {
    EXPECT_EQ(image.machine, IMAGE_FILE_MACHINE_AMD64);
    constexpr WORD kFlags = IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE | IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA |
                            IMAGE_DLLCHARACTERISTICS_NX_COMPAT;
    EXPECT_EQ(image.dll_characteristics & kFlags, kFlags) << std::hex << image.dll_characteristics;
}

TEST(Binaries, ExecutableImportsNoPythonAndOnlySystemDlls) {
    const PeImage image = read_pe_image(host_executable());
    EXPECT_FALSE(image.imports.empty());
    EXPECT_FALSE(imports(image, "python"));
    for (const std::string& name : image.imports) {
        // Mapped before any search: nothing planted beside the EXE can take their place.
        constexpr const char* kKnown[] = {"advapi32.dll", "kernel32.dll", "msvcrt.dll", "ole32.dll",
                                          "shell32.dll",  "user32.dll",   "ucrtbase.dll"};
        const bool known = std::ranges::find(kKnown, name) != std::end(kKnown) || name.starts_with("api-ms-win-");
        EXPECT_TRUE(known) << name;
    }
    expect_hardened(image);
}

TEST(Binaries, EngineImportsItsPython) {
    const PeImage image = read_pe_image(engine());
    EXPECT_TRUE(imports(image, "python3")) << engine();
    EXPECT_FALSE(imports(image, "libstdc++"));
    EXPECT_FALSE(imports(image, "libgcc"));
    EXPECT_FALSE(imports(image, "libwinpthread"));
    expect_hardened(image);
}

TEST(Binaries, MessageFileHasNoCodeToLoad) {
    const PeImage image = read_pe_image(program_folder() / L"PythonServiceMessages.dll");
    EXPECT_TRUE(image.imports.empty());
}

TEST(Binaries, MessageFileHasTheTextOfEvents) {
    const auto file = program_folder() / L"PythonServiceMessages.dll";
    const win::UniqueModule module(
        LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE));
    ASSERT_TRUE(module) << GetLastError();
    for (const DWORD id : {0x40001002u, 0xC0000004u, 0xC00000FFu, 0x400000FFu, 0x80002040u, 0xC0002036u}) {
        wchar_t text[2048];
        // Not expanded: "%1!S!" is what a viewer understands, which puts in narrow text where FormatMessageW is wide.
        constexpr DWORD kFlags = FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS;
        const DWORD size = FormatMessageW(kFlags, module.get(), id, 0, text, 2048, nullptr);
        EXPECT_NE(size, 0u) << std::hex << id << ": error " << std::dec << GetLastError();
        EXPECT_NE(std::wstring(text, size).find(L"%1!S!"), std::wstring::npos) << std::hex << id;
    }
}

TEST(Binaries, ExecutableHasAVersion) {
    const std::wstring file = host_executable().native();
    const HMODULE module = LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
    const win::UniqueModule owner(module);
    EXPECT_NE(FindResourceW(module, MAKEINTRESOURCEW(1), RT_VERSION), nullptr);
    EXPECT_NE(FindResourceW(module, MAKEINTRESOURCEW(1), RT_MANIFEST), nullptr);
}

}  // namespace
}  // namespace pysvc::test
