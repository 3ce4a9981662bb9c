// SPDX-License-Identifier: MIT
#include "host/locate/image_header.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

/// A little-endian number at `offset`, nullopt when `bytes` ends before.
std::optional<std::uint32_t> number_at(std::string_view bytes, std::size_t offset, std::size_t size) {
    if (offset > bytes.size() || bytes.size() - offset < size) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
    return value;
}

std::optional<std::uint16_t> pe_machine(std::string_view head) {
    // "PE Format" (Microsoft): e_lfanew at 0x3C leads to the signature, the machine type follows it.
    if (!head.starts_with("MZ")) return std::nullopt;
    const auto header = number_at(head, 0x3C, 4);
    if (!header || *header > head.size()) return std::nullopt;
    if (!head.substr(*header).starts_with(std::string_view("PE\0\0", 4))) return std::nullopt;
    const auto machine = number_at(head, *header + 4, 2);
    if (!machine) return std::nullopt;
    return static_cast<std::uint16_t>(*machine);
}

std::optional<std::uint16_t> elf_machine(std::string_view head) {
    // elf(5): e_machine follows e_ident (16 bytes) and e_type. Little-endian (EI_DATA = 1) is all we run on.
    if (!head.starts_with("\177ELF") || number_at(head, 5, 1) != 1U) return std::nullopt;
    const auto machine = number_at(head, 18, 2);
    if (!machine) return std::nullopt;
    return static_cast<std::uint16_t>(*machine);
}

}  // namespace

std::optional<std::uint16_t> image_machine(System system, std::string_view head) {
    return system == System::Windows ? pe_machine(head) : elf_machine(head);
}

std::string machine_name(System system, std::uint16_t machine) {
    const bool windows = system == System::Windows;
    if (machine == (windows ? 0x8664 : 62)) return "x64";
    if (machine == (windows ? 0xAA64 : 183)) return "ARM64";
    if (machine == (windows ? 0x014C : 3)) return "x86 (32-bit)";
    return fmt::format("machine type {:#06x}", machine);
}

}  // namespace pysvc
