// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"

#include <tl/expected.hpp>

#include <utility>

namespace pysvc {

/// A value or the Error that prevented it. gcc 12 has std::expected only outside C++20, hence tl::expected.
template <class T>
using Result = tl::expected<T, Error>;

/// `return failure(ErrorCode::X, os_code, "context");` in any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> failure(ErrorCode code, std::uint32_t os_code, std::string context) {
    return tl::unexpected<Error>(Error{code, os_code, std::move(context)});
}

[[nodiscard]] inline tl::unexpected<Error> failure(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace pysvc
