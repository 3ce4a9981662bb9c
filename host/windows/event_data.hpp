// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pysvc::win {

/// A deep copy of lpEventData of HandlerEx, whose size depends on control and event type (MSDN, HandlerEx). Empty when
/// there is none, or when the structure is unknown: nothing is ever read beyond what the documentation promises.
/// Dispatcher thread; allocates only.
[[nodiscard]] std::vector<std::byte> copy_event_data(std::uint32_t control, std::uint32_t event_type, const void* data);

}  // namespace pysvc::win
