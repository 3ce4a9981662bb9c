// SPDX-License-Identifier: MIT
#include "host/service/event_data.hpp"

#include "host/service/control.hpp"

#include <cstring>

namespace pysvc {
namespace {

/// The structures of Windows as far as they tell their size; all begin at an address of any alignment.
struct DeviceHead {  // DEV_BROADCAST_HDR
    std::uint32_t size;
    std::uint32_t device_type;
    std::uint32_t reserved;
};
struct Session {  // WTSSESSION_NOTIFICATION
    std::uint32_t size;
    std::uint32_t session_id;
};
struct PowerSettingHead {  // POWERBROADCAST_SETTING, whose data follows
    std::byte setting[16];
    std::uint32_t data_length;
};

/// SERVICE_TIMECHANGE_INFO: two LARGE_INTEGER.
constexpr std::size_t kTimeChangeSize = 16;

/// No event of Windows comes near it: a larger size is a wrong one.
constexpr std::size_t kLargest = std::size_t{64} * 1024;

/// The structure that the data begins with; zeros, hence a size too small, when it is not all there.
template <class Head>
Head head_of(const void* data, IsReadable is_readable) {
    Head head{};
    if (is_readable(data, sizeof head)) std::memcpy(&head, data, sizeof head);
    return head;
}

/// What the data says of its size; 0 when that is less than the structure has, or when no data is documented.
std::size_t size_of(std::uint32_t control, std::uint32_t event_type, const void* data, IsReadable is_readable) {
    constexpr std::uint32_t kPowerSettingChange = 0x8013;
    const auto at_least = [](std::size_t head, std::size_t size) { return size < head ? 0 : size; };
    switch (control) {
        case control::kDeviceEvent: return at_least(sizeof(DeviceHead), head_of<DeviceHead>(data, is_readable).size);
        case control::kSessionChange: return at_least(sizeof(Session), head_of<Session>(data, is_readable).size);
        case control::kPowerEvent:
            if (event_type != kPowerSettingChange) return 0;
            return sizeof(PowerSettingHead) + std::size_t{head_of<PowerSettingHead>(data, is_readable).data_length};
        case control::kTimeChange: return kTimeChangeSize;
        default: return 0;
    }
}

}  // namespace

std::vector<std::byte> copy_event_data(std::uint32_t control, std::uint32_t event_type, const void* data,
                                       IsReadable is_readable) {
    if (data == nullptr) return {};
    const std::size_t size = size_of(control, event_type, data, is_readable);
    if (size == 0 || size > kLargest || !is_readable(data, size)) return {};
    std::vector<std::byte> copy(size);
    std::memcpy(copy.data(), data, size);
    return copy;
}

}  // namespace pysvc
