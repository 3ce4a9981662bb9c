// SPDX-License-Identifier: MIT
// The head of a file that claims to be a Python library: pysvc::image_machine.
#include "host/locate/image_header.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pysvc;
    const std::string_view head = fuzz::text_of_input(data, size);
    for (const System system : {System::Windows, System::Posix}) {
        const auto machine = image_machine(system, head);
        if (!machine) continue;
        fuzz::require(head.starts_with(system == System::Windows ? "MZ" : "\177ELF"), "an image has its signature");
        fuzz::require(fuzz::is_printable(machine_name(system, *machine)), "a machine has a name");
        // What is read of a longer file is the same.
        fuzz::require(image_machine(system, std::string(head) + "more") == machine, "what follows does not matter");
    }
    return 0;
}
