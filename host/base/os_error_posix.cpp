// SPDX-License-Identifier: MIT
#include "host/base/error.hpp"

#include <system_error>

namespace pysvc {

std::string os_error_message(std::uint32_t os_code) {
    return std::generic_category().message(static_cast<int>(os_code));
}

}  // namespace pysvc
