// SPDX-License-Identifier: MIT
#include "host/locate/version_request.hpp"

namespace pysvc {

std::optional<PythonAbi> parse_version_request(std::string_view text) {
    for (const std::string_view suffix : {"-64", "-arm64"}) {
        if (text.ends_with(suffix)) {
            text.remove_suffix(suffix.size());
            break;
        }
    }
    PythonAbi abi;
    if (text.ends_with('t')) {
        abi.build = PythonBuild::FreeThreaded;
        text.remove_suffix(1);
    }
    const auto minor = number_between(text, "3.", "");
    if (!minor) return std::nullopt;
    abi.minor = *minor;
    return abi;
}

}  // namespace pysvc
