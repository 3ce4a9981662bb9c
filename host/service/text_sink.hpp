// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

#include <cstddef>
#include <string>

namespace pysvc {

/// A sink that appends to `text`, which must live as long as the callee may put something there.
[[nodiscard]] inline pysvc_text_sink sink_into(std::string& text) {
    return {&text, [](void* context, const char* data, std::size_t size) {
                static_cast<std::string*>(context)->append(data, size);
            }};
}

}  // namespace pysvc
