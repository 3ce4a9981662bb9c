// SPDX-License-Identifier: MIT
#include "host/service/event_data.hpp"
#include "host/windows/readable_memory.hpp"
#include "host/windows/win32.hpp"

#include <dbt.h>
#include <gtest/gtest.h>
#include <wtsapi32.h>

#include <cstring>
#include <string>

namespace pysvc::win {
namespace {

constexpr DWORD kTimeChange = 16;

template <class T>
std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// POWERBROADCAST_SETTING with these bytes as its data, and what it says of their number.
std::string power_setting(const std::string& data, DWORD claimed) {
    return bytes_of(GUID{1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}}) + bytes_of(claimed) + data;
}

std::string device(DWORD claimed, const std::string& tail = {}) {
    return bytes_of(DEV_BROADCAST_HDR{claimed, DBT_DEVTYP_DEVICEINTERFACE, 0}) + tail;
}

/// Memory that ends where the process may not read on: every byte too many that is touched ends the test program.
class EdgeOfMemory {
public:
    explicit EdgeOfMemory(const std::string& content) {
        SYSTEM_INFO system{};
        GetSystemInfo(&system);
        const std::size_t page = system.dwPageSize;
        const std::size_t pages = (content.size() + page - 1) / page;
        start_ = static_cast<char*>(VirtualAlloc(nullptr, (pages + 1) * page, MEM_RESERVE, PAGE_NOACCESS));
        EXPECT_NE(VirtualAlloc(start_, pages * page, MEM_COMMIT, PAGE_READWRITE), nullptr);
        content_ = start_ + pages * page - content.size();
        std::memcpy(content_, content.data(), content.size());
    }
    ~EdgeOfMemory() { VirtualFree(start_, 0, MEM_RELEASE); }
    EdgeOfMemory(const EdgeOfMemory&) = delete;
    EdgeOfMemory& operator=(const EdgeOfMemory&) = delete;

    [[nodiscard]] const void* content() const { return content_; }

private:
    char* start_ = nullptr;
    char* content_ = nullptr;
};

std::string copied(std::uint32_t control, std::uint32_t event_type, const void* data) {
    const std::vector<std::byte> copy = copy_event_data(control, event_type, data, is_readable);
    return {reinterpret_cast<const char*>(copy.data()), copy.size()};
}

struct Case {
    const char* name;
    std::uint32_t control;
    std::uint32_t event_type;
    std::string data;  ///< behind it nothing can be read
    bool taken;        ///< all of it or nothing
};

class EventData : public testing::TestWithParam<Case> {};

TEST_P(EventData, IsCopiedWholeOrNotAtAll) {
    const Case& row = GetParam();
    const EdgeOfMemory memory(row.data);
    EXPECT_EQ(copied(row.control, row.event_type, memory.content()), row.taken ? row.data : std::string());
    EXPECT_EQ(copied(row.control, row.event_type, nullptr), "");
}

const std::string kSession = bytes_of(WTSSESSION_NOTIFICATION{sizeof(WTSSESSION_NOTIFICATION), 7});

INSTANTIATE_TEST_SUITE_P(
    Honest, EventData,
    testing::Values(
        Case{"Device", SERVICE_CONTROL_DEVICEEVENT, DBT_DEVICEARRIVAL, device(20, "a name.."), true},
        Case{"DeviceHead", SERVICE_CONTROL_DEVICEEVENT, DBT_DEVICEARRIVAL, device(12), true},
        Case{"LargeDevice", SERVICE_CONTROL_DEVICEEVENT, DBT_CUSTOMEVENT, device(12 + 30'000, std::string(30'000, 'x')),
             true},
        Case{"Session", SERVICE_CONTROL_SESSIONCHANGE, WTS_SESSION_LOGON, kSession, true},
        Case{"PowerSetting", SERVICE_CONTROL_POWEREVENT, PBT_POWERSETTINGCHANGE, power_setting("abcd", 4), true},
        Case{"PowerSettingWithoutData", SERVICE_CONTROL_POWEREVENT, PBT_POWERSETTINGCHANGE, power_setting("", 0), true},
        Case{"Time", kTimeChange, 0, std::string(16, 't'), true}),
    [](const auto& row) { return std::string(row.param.name); });

// What these controls bring is not defined, or not for this event type: it is not looked at.
INSTANTIATE_TEST_SUITE_P(
    OfNoUse, EventData,
    testing::Values(Case{"Suspend", SERVICE_CONTROL_POWEREVENT, PBT_APMSUSPEND, power_setting("abcd", 4), false},
                    Case{"HardwareProfile", SERVICE_CONTROL_HARDWAREPROFILECHANGE, 0, "some bytes", false},
                    Case{"UserDefined", 128, 0, "some bytes", false}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Lying, EventData,
    testing::Values(
        Case{"DeviceSmallerThanItsHead", SERVICE_CONTROL_DEVICEEVENT, DBT_DEVICEARRIVAL, device(11), false},
        Case{"DeviceOfNoSize", SERVICE_CONTROL_DEVICEEVENT, DBT_DEVICEARRIVAL, device(0), false},
        Case{"DeviceWithHalfAHead", SERVICE_CONTROL_DEVICEEVENT, DBT_DEVICEARRIVAL, device(12).substr(0, 6), false},
        Case{"DeviceOfOneByteMore", SERVICE_CONTROL_DEVICEEVENT, DBT_DEVICEARRIVAL, device(13), false},
        Case{"DeviceOf4GB", SERVICE_CONTROL_DEVICEEVENT, DBT_DEVICEARRIVAL, device(0xFFFFFFFF), false},
        Case{"SessionSmallerThanItsHead", SERVICE_CONTROL_SESSIONCHANGE, WTS_SESSION_LOGON,
             bytes_of(WTSSESSION_NOTIFICATION{4, 7}), false},
        Case{"SessionWithHalfAHead", SERVICE_CONTROL_SESSIONCHANGE, WTS_SESSION_LOGON, kSession.substr(0, 4), false},
        Case{"SessionOf4GB", SERVICE_CONTROL_SESSIONCHANGE, WTS_SESSION_LOGON,
             bytes_of(WTSSESSION_NOTIFICATION{0xFFFFFFFF, 7}), false},
        Case{"PowerSettingOf4GB", SERVICE_CONTROL_POWEREVENT, PBT_POWERSETTINGCHANGE, power_setting("abcd", 0xFFFFFFFF),
             false},
        Case{"PowerSettingOfOneByteMore", SERVICE_CONTROL_POWEREVENT, PBT_POWERSETTINGCHANGE, power_setting("abcd", 5),
             false},
        Case{"PowerSettingWithHalfAHead", SERVICE_CONTROL_POWEREVENT, PBT_POWERSETTINGCHANGE,
             power_setting("", 0).substr(0, 10), false},
        Case{"HalfATime", kTimeChange, 0, std::string(8, 't'), false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(EventDataSize, HasALimitThatNoEventReaches) {
    // All of it can be read, and would only fill the queue.
    const std::string large = device(1'000'000, std::string(1'000'000, 'x'));
    EXPECT_EQ(copied(SERVICE_CONTROL_DEVICEEVENT, DBT_CUSTOMEVENT, large.data()), "");
}

}  // namespace
}  // namespace pysvc::win
