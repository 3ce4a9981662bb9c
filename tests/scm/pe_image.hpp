// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pysvc::test {

struct PeSection {
    std::string name;
    std::uint32_t characteristics = 0;  ///< IMAGE_SCN_...
    std::uint32_t size = 0;
};

/// What the loader reads from a 64-bit program file.
struct PeImage {
    std::uint16_t machine = 0;
    std::uint16_t dll_characteristics = 0;
    bool has_relocations = false;  ///< without them it lies at one address always, whatever its flags say
    std::vector<PeSection> sections;
    std::vector<std::string> imports;  ///< names of DLLs in lower case
};

/// Fails the test when the file is no such program.
[[nodiscard]] PeImage read_pe_image(const std::filesystem::path& file);

}  // namespace pysvc::test
