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

std::size_t size_of(std::uint32_t control, std::uint32_t event_type, const void* data) {
    constexpr DWORD kTimeChange = 0x10;
    switch (control) {
        case SERVICE_CONTROL_DEVICEEVENT: return static_cast<const DEV_BROADCAST_HDR*>(data)->dbch_size;
        case SERVICE_CONTROL_SESSIONCHANGE: return static_cast<const WTSSESSION_NOTIFICATION*>(data)->cbSize;
        case SERVICE_CONTROL_POWEREVENT:
            if (event_type != PBT_POWERSETTINGCHANGE) return 0;
            return sizeof(PowerSettingHead) + static_cast<const PowerSettingHead*>(data)->data_length;
        case kTimeChange: return kTimeChangeSize;
        default: return 0;
    }
}

}  // namespace

std::vector<std::byte> copy_event_data(std::uint32_t control, std::uint32_t event_type, const void* data) {
    if (data == nullptr) return {};
    std::vector<std::byte> copy(size_of(control, event_type, data));
    if (!copy.empty()) std::memcpy(copy.data(), data, copy.size());
    return copy;
}

}  // namespace pysvc::win
