// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pysvc::win {

/// A deep copy of lpEventData of HandlerEx, whose size depends on control and event type (MSDN, HandlerEx). Empty when
/// there is none, when no structure is documented, and when its size cannot be true: less than the structure, more than
/// can be read, more than 64 KB. Dispatcher thread; allocates only.
[[nodiscard]] std::vector<std::byte> copy_event_data(std::uint32_t control, std::uint32_t event_type, const void* data);

}  // namespace pysvc::win
