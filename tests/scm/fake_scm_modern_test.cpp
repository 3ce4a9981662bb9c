// SPDX-License-Identifier: MIT
// Events that only Windows may send, as pythonservice.Service tells them.
#include "tests/scm/fake_scm.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <dbt.h>

#include <string>

namespace pysvc::test {
namespace {

constexpr DWORD kTimeChange = 16;
constexpr DWORD kTriggerEvent = 32;

/// 2025-11-21 00:00:00 UTC as a FILETIME.
constexpr LONGLONG kMidnight = 134'081'568'000'000'000;

/// DEV_BROADCAST_VOLUME of one drive.
std::string volume(char drive) {
    DEV_BROADCAST_VOLUME device{};
    device.dbcv_size = sizeof device;
    device.dbcv_devicetype = DBT_DEVTYP_VOLUME;
    device.dbcv_unitmask = 1U << (drive - 'A');
    return bytes_of(device);
}

TEST(FakeScmModern, EventsArriveAsValues) {
    FakeScm scm;
    TestService service("modern.Told");
    scm.launch("--service");
    ASSERT_EQ(scm.start(service.name()), 0u);
    ASSERT_TRUE(wait_until([&] { return service.state() == SERVICE_RUNNING; }));
    // Wine sends no event type: each is 0.
    const struct {
        DWORD code;
        std::string data;
        const char* name;
        const char* event;
    } rows[] = {
        {SERVICE_CONTROL_SESSIONCHANGE, bytes_of(WTSSESSION_NOTIFICATION{sizeof(WTSSESSION_NOTIFICATION), 7}),
         "SessionEvent", "'SessionEvent(change=<SessionChange.CODE_0: 0>, session_id=7)'"},
        {kTimeChange, bytes_of(kMidnight) + bytes_of(kMidnight - 10'000'000), "TimeChangeEvent",
         "'TimeChangeEvent(old=datetime.datetime(2025, 11, 20, 23, 59, 59, tzinfo=datetime.timezone.utc), "
         "new=datetime.datetime(2025, 11, 21, 0, 0, tzinfo=datetime.timezone.utc))'"},
        {SERVICE_CONTROL_POWEREVENT, "", "PowerEvent",
         "\"PowerEvent(change=<PowerChange.CODE_0: 0>, setting=None, data=b'')\""},
        {SERVICE_CONTROL_HARDWAREPROFILECHANGE, "", "HardwareProfileEvent",
         "'HardwareProfileEvent(change=<HardwareProfileChange.CODE_0: 0>)'"},
        {kTriggerEvent, "", "TriggerEvent", "'TriggerEvent(event_type=0)'"},
        {SERVICE_CONTROL_NETBINDENABLE, "", "NetBindEvent", "'NetBindEvent(change=<NetBindChange.ENABLE: 9>)'"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(scm.control(service.name(), row.code, row.data), 0u) << row.name;
        EXPECT_EQ(service.report().wait(row.name), row.event);
    }
    EXPECT_EQ(scm.control(service.name(), SERVICE_CONTROL_DEVICEEVENT, volume('E')),
              static_cast<DWORD>(BROADCAST_QUERY_DENY));
    const std::string device = service.report().wait("DeviceEvent");
    EXPECT_NE(device.find("device_type=<DeviceType.VOLUME: 2>"), std::string::npos) << device;
    EXPECT_NE(device.find("drives=('E:',)"), std::string::npos) << device;

    EXPECT_EQ(scm.control(service.name(), SERVICE_CONTROL_SHUTDOWN), 0u);
    EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    EXPECT_EQ(scm.wait_for_end(), 0u);
    EXPECT_TRUE(logged_nothing(service, "error"));
}

}  // namespace
}  // namespace pysvc::test
