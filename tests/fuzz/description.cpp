// SPDX-License-Identifier: MIT
// What the child that describes a script answers; the script may have printed anything before:
// pysvc::parse_description.
#include "host/commands/describe_script.hpp"
#include "tests/fuzz/fuzz.hpp"

// Only for the linker: no child is run here.
std::string_view pysvc::describe_program() { return {}; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pysvc;
    const std::string answer(fuzz::text_of_input(data, size));
    const auto description = parse_description(answer);
    if (!description) {
        fuzz::require(error_info(description.error().code).event_id == 0, "an error of a command is no event");
        return 0;
    }
    const auto again = parse_description("noise\n" + answer);
    fuzz::require(again.has_value() && class_string_of(*again) == class_string_of(*description),
                  "noise before the answer does not matter");
    return 0;
}
