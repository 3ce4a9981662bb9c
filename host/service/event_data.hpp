// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pysvc {

/// Whether `size` bytes from `data` on can be read.
using IsReadable = bool (*)(const void* data, std::size_t size);

/// A deep copy of lpEventData of HandlerEx, whose size depends on control and event type (MSDN, HandlerEx). Empty when
/// there is none, when no structure is documented, and when its size cannot be true: less than the structure, more than
/// can be read, more than 64 KB. Reads nothing that `is_readable` does not vouch for. Dispatcher thread; allocates only.
[[nodiscard]] std::vector<std::byte> copy_event_data(std::uint32_t control, std::uint32_t event_type, const void* data,
                                                     IsReadable is_readable);

}  // namespace pysvc
