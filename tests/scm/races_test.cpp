// SPDX-License-Identifier: MIT
// What happens at the same time.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace pysvc::test {
namespace {

TEST(Races, StopThatOvertakesRunningStays) {
    TestService service("light.StopBeforeRunning");
    ASSERT_EQ(service.try_start(), 0u);
    (void)service.report().wait("starting");
    // The class asked for STOP while it starts.
    EXPECT_EQ(service.control(SERVICE_CONTROL_STOP), 0u);
    (void)service.report().wait("reported RUNNING");
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_STOP_PENDING));
    service.report().permit("end");
    EXPECT_EQ(service.wait_for_stopped(), kSuccess);
}

TEST(Races, StopRightAfterStartService) {
    TestService service("light.Light");
    for (int i = 0; i < 25; ++i) {
        ASSERT_EQ(service.try_start(), 0u);
        // Until RUNNING nothing is accepted: 1061, or 1052 where the SCM looks at the mask only.
        DWORD error = 0;
        ASSERT_TRUE(wait_until([&] {
            error = service.control(SERVICE_CONTROL_STOP);
            return error != ERROR_SERVICE_CANNOT_ACCEPT_CTRL && error != ERROR_INVALID_SERVICE_CONTROL;
        }));
        ASSERT_EQ(error, 0u);
        ASSERT_EQ(service.wait_for_stopped(), kSuccess);
    }
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(Races, StopAgainstTheEnd) {
    TestService service("light.StopsItself");
    for (int i = 0; i < 25; ++i) {
        ASSERT_EQ(service.try_start(), 0u);
        // As often as possible: one of them comes in the moment between the end of SvcRun and STOPPED.
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (service.state() != SERVICE_STOPPED && std::chrono::steady_clock::now() < end) {
            service.control(SERVICE_CONTROL_STOP);
        }
        ASSERT_EQ(service.wait_for_stopped(), kSuccess);
    }
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(Races, ControlsFromSeveralClientsAreAllDelivered) {
    TestService service("framework.Other");
    service.start();
    constexpr DWORD kClients = 4;
    constexpr int kEach = 25;
    std::vector<std::thread> clients;
    for (DWORD client = 0; client < kClients; ++client) {
        clients.emplace_back([&service, code = 130 + client] {
            for (int i = 0; i < kEach; ++i) {
                SERVICE_STATUS after;
                ControlService(service.handle(), code, &after);
                ControlService(service.handle(), SERVICE_CONTROL_INTERROGATE, &after);
            }
        });
    }
    for (std::thread& client : clients) client.join();
    service.report().wait_for_count("SvcOther", kClients * kEach);
    EXPECT_EQ(service.report().values("SvcOther").size(), kClients * kEach);
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
