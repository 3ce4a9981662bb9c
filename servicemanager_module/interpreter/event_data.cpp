// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/event_data.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace pysvc::py {
namespace {

// winsvc.h and winuser.h; spelled out because debug mode on POSIX sends them too.
constexpr std::uint32_t kControlDeviceEvent = 11;
constexpr std::uint32_t kControlPowerEvent = 13;
constexpr std::uint32_t kControlSessionChange = 14;
constexpr std::uint32_t kPowerSettingChange = 0x8013;

/// A structure at the head of the event data, copied because the data has no alignment of its own.
template <class T>
T head_of(const pysvc_control& control) {
    T value;
    std::memcpy(&value, control.data, sizeof value);
    return value;
}

struct Guid {
    std::uint32_t data1;
    std::uint16_t data2;
    std::uint16_t data3;
    std::array<std::uint8_t, 8> data4;
};

/// POWERBROADCAST_SETTING without its trailing bytes.
struct PowerSetting {
    Guid setting;
    std::uint32_t data_length;
};

/// WTSSESSION_NOTIFICATION.
struct SessionNotification {
    std::uint32_t size;
    std::uint32_t session_id;
};

std::string guid_text(const Guid& guid) {
    std::array<char, 39> text{};  // 38 characters and the terminator
    const auto& d = guid.data4;
    std::snprintf(text.data(), text.size(), "{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
                  static_cast<unsigned>(guid.data1), guid.data2, guid.data3, d[0], d[1], d[2], d[3], d[4], d[5], d[6],
                  d[7]);
    return text.data();
}

/// pywintypes.IID; the same characters as str where python.exe has neither pywin32 nor been told of the embedded modules.
pb::object iid_of(const Guid& guid) {
    const pb::str text(guid_text(guid));
    try {
        return pb::module_::import("pywintypes").attr("IID")(text);
    } catch (const pb::error_already_set&) {
        return text;
    }
}

pb::object power_setting(const pysvc_control& control) {
    if (control.data_size < sizeof(PowerSetting)) return pb::none();
    const auto setting = head_of<PowerSetting>(control);
    const std::size_t size = std::min<std::size_t>(setting.data_length, control.data_size - sizeof setting);
    const char* bytes = static_cast<const char*>(control.data) + sizeof setting;
    return pb::make_tuple(iid_of(setting.setting), pb::bytes(bytes, size));
}

}  // namespace

pb::object raw_event_data(const pysvc_control& control) {
    if (control.data == nullptr) return pb::none();
    return pb::bytes(static_cast<const char*>(control.data), control.data_size);
}

pb::object event_data(const pysvc_control& control) {
    switch (control.control) {
        case kControlDeviceEvent: return pb::int_(reinterpret_cast<std::uintptr_t>(control.data));
        case kControlPowerEvent:
            if (control.event_type == kPowerSettingChange && control.data != nullptr) return power_setting(control);
            return pb::none();
        case kControlSessionChange:
            if (control.data == nullptr || control.data_size < sizeof(SessionNotification)) return pb::none();
            return pb::make_tuple(head_of<SessionNotification>(control).session_id);
        default: return pb::none();
    }
}

}  // namespace pysvc::py
