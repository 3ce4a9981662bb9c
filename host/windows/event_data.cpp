// SPDX-License-Identifier: MIT
#include "host/windows/event_data.hpp"

#include "host/windows/win32.hpp"

#include <dbt.h>
#include <wtsapi32.h>

#include <cstring>

namespace pysvc::win {
namespace {

/// POWERBROADCAST_SETTING without its one-byte tail: the setting's GUID and the length of the data behind it.
struct PowerSettingHead {
    GUID setting;
    DWORD data_length;
};

/// SERVICE_TIMECHANGE_INFO; old headers lack it.
constexpr std::size_t kTimeChangeSize = 2 * sizeof(LARGE_INTEGER);

/// No event of Windows comes near it: a larger size is a wrong one.
constexpr std::size_t kLargest = std::size_t{64} * 1024;

/// True when `size` bytes from `data` on can be read. HandlerEx is not told how long its data is; a wrong size inside
/// it must not end every service of the process.
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

/// The structure that the data begins with; zeros, hence a size too small, when it is not all there.
template <class Head>
Head head_of(const void* data) {
    Head head{};
    if (is_readable(data, sizeof head)) std::memcpy(&head, data, sizeof head);
    return head;
}

/// What the data says of its size; 0 when that is less than the structure has, or when no data is documented.
std::size_t size_of(std::uint32_t control, std::uint32_t event_type, const void* data) {
    constexpr DWORD kTimeChange = 0x10;
    const auto at_least = [](std::size_t head, std::size_t size) { return size < head ? 0 : size; };
    switch (control) {
        case SERVICE_CONTROL_DEVICEEVENT:
            return at_least(sizeof(DEV_BROADCAST_HDR), head_of<DEV_BROADCAST_HDR>(data).dbch_size);
        case SERVICE_CONTROL_SESSIONCHANGE:
            return at_least(sizeof(WTSSESSION_NOTIFICATION), head_of<WTSSESSION_NOTIFICATION>(data).cbSize);
        case SERVICE_CONTROL_POWEREVENT:
            if (event_type != PBT_POWERSETTINGCHANGE) return 0;
            return sizeof(PowerSettingHead) + std::size_t{head_of<PowerSettingHead>(data).data_length};
        case kTimeChange: return kTimeChangeSize;
        default: return 0;
    }
}

}  // namespace

std::vector<std::byte> copy_event_data(std::uint32_t control, std::uint32_t event_type, const void* data) {
    if (data == nullptr) return {};
    const std::size_t size = size_of(control, event_type, data);
    if (size == 0 || size > kLargest || !is_readable(data, size)) return {};
    std::vector<std::byte> copy(size);
    std::memcpy(copy.data(), data, size);
    return copy;
}

}  // namespace pysvc::win
