// SPDX-License-Identifier: MIT
#include "tests/scm/pe_image.hpp"

#include "host/base/text.hpp"
#include "host/windows/win32.hpp"
#include "tests/scm/harness/files.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace pysvc::test {
namespace {

/// Bounds-checked views into the file; a damaged file reads as zeros.
class Bytes {
public:
    explicit Bytes(std::string content) : content_(std::move(content)) {}

    template <class T>
    [[nodiscard]] T at(std::size_t offset) const {
        T value{};
        const std::string part = offset < content_.size() ? content_.substr(offset, sizeof value) : std::string();
        if (part.size() == sizeof value) std::memcpy(&value, part.data(), part.size());
        return value;
    }
    [[nodiscard]] std::string text(std::size_t offset) const {
        return offset < content_.size() ? std::string(content_.c_str() + offset) : std::string();
    }

private:
    std::string content_;
};

}  // namespace

PeImage read_pe_image(const std::filesystem::path& file) {
    const Bytes bytes(read_file(file));
    PeImage image;
    const auto start = static_cast<std::size_t>(bytes.at<IMAGE_DOS_HEADER>(0).e_lfanew);
    const auto headers = bytes.at<IMAGE_NT_HEADERS64>(start);
    EXPECT_EQ(headers.Signature, static_cast<DWORD>(IMAGE_NT_SIGNATURE)) << file.string();
    EXPECT_EQ(headers.OptionalHeader.Magic, IMAGE_NT_OPTIONAL_HDR64_MAGIC);
    image.machine = headers.FileHeader.Machine;
    image.dll_characteristics = headers.OptionalHeader.DllCharacteristics;

    const std::size_t sections =
        start + offsetof(IMAGE_NT_HEADERS64, OptionalHeader) + headers.FileHeader.SizeOfOptionalHeader;
    const auto section_at = [&](WORD index) {
        return bytes.at<IMAGE_SECTION_HEADER>(sections + index * sizeof(IMAGE_SECTION_HEADER));
    };
    for (WORD i = 0; i < headers.FileHeader.NumberOfSections; ++i) {
        const auto section = section_at(i);
        const auto* name = reinterpret_cast<const char*>(section.Name);
        image.sections.push_back({std::string(name, strnlen(name, IMAGE_SIZEOF_SHORT_NAME)), section.Characteristics,
                                  section.Misc.VirtualSize});
    }
    const bool stripped = (headers.FileHeader.Characteristics & IMAGE_FILE_RELOCS_STRIPPED) != 0;
    image.has_relocations =
        !stripped && headers.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_BASERELOC].Size != 0;
    const auto file_offset = [&](DWORD address) -> std::size_t {
        for (WORD i = 0; i < headers.FileHeader.NumberOfSections; ++i) {
            const auto section = section_at(i);
            if (address >= section.VirtualAddress && address < section.VirtualAddress + section.SizeOfRawData) {
                return address - section.VirtualAddress + section.PointerToRawData;
            }
        }
        return static_cast<std::size_t>(-1) / 2;
    };

    const DWORD directory = headers.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    if (directory == 0) return image;
    for (std::size_t at = file_offset(directory);; at += sizeof(IMAGE_IMPORT_DESCRIPTOR)) {
        const auto entry = bytes.at<IMAGE_IMPORT_DESCRIPTOR>(at);
        if (entry.Name == 0) return image;
        image.imports.push_back(lower_case(bytes.text(file_offset(entry.Name))));
    }
}

}  // namespace pysvc::test
