// SPDX-License-Identifier: MIT
#include "host/windows/readable_memory.hpp"

#include "host/windows/win32.hpp"

namespace pysvc::win {

bool is_readable(const void* data, std::size_t size) {
    const auto* at = static_cast<const std::byte*>(data);
    const auto* const end = at + size;
    while (at < end) {
        MEMORY_BASIC_INFORMATION region{};
        if (VirtualQuery(at, &region, sizeof region) == 0 || region.State != MEM_COMMIT) return false;
        if ((region.Protect & (PAGE_NOACCESS | PAGE_GUARD)) != 0) return false;
        at = static_cast<const std::byte*>(region.BaseAddress) + region.RegionSize;
    }
    return true;
}

}  // namespace pysvc::win
