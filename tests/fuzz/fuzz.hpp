// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/text.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace pysvc::fuzz {

/// A property of the code under test: when it does not hold, the run ends and libFuzzer keeps the input.
inline void require(bool holds, const char* property) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", property);
    std::abort();
}

/// The input as the one text that the code under test reads.
inline std::string_view text_of_input(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Whether a log or a terminal may show `text` as it is: one line, nothing that `escaped` would change.
inline bool is_printable(std::string_view text) { return escaped(text) == text; }

}  // namespace pysvc::fuzz
