// SPDX-License-Identifier: MIT
#include "host/locate/image_header.hpp"

#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using test::dll_head;
using test::elf_head;

TEST(ImageMachine, ReadsPeHeaders) {
    EXPECT_EQ(image_machine(System::Windows, dll_head(0x8664)), 0x8664);
    EXPECT_EQ(image_machine(System::Windows, dll_head(0x014C)), 0x014C);
}

TEST(ImageMachine, ReadsElfHeaders) { EXPECT_EQ(image_machine(System::Posix, elf_head(183)), 183); }

TEST(ImageMachine, RefusesOtherFiles) {
    EXPECT_FALSE(image_machine(System::Windows, ""));
    EXPECT_FALSE(image_machine(System::Windows, "MZ"));
    EXPECT_FALSE(image_machine(System::Windows, elf_head()));
    EXPECT_FALSE(image_machine(System::Posix, dll_head()));
    EXPECT_FALSE(image_machine(System::Posix, "#!/bin/sh\n"));
}

TEST(ImageMachine, NeverReadsBeyondTheBytesItHas) {
    const std::string whole = dll_head();
    for (std::size_t size = 0; size < 0x86; ++size) EXPECT_FALSE(image_machine(System::Windows, whole.substr(0, size)));
    std::string far_away = whole;
    far_away.replace(0x3C, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_FALSE(image_machine(System::Windows, far_away));
}

TEST(MachineName, IsForPeople) {
    EXPECT_EQ(machine_name(System::Windows, 0x8664), "x64");
    EXPECT_EQ(machine_name(System::Windows, 0x014C), "x86 (32-bit)");
    EXPECT_EQ(machine_name(System::Posix, 62), "x64");
    EXPECT_EQ(machine_name(System::Windows, 0x01C4), "machine type 0x01c4");
}

}  // namespace
}  // namespace pysvc
