// SPDX-License-Identifier: MIT
// Exceptions that nobody handles: events of a service that goes on.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pysvc::test {
namespace {

constexpr std::uint32_t kUnhandledException = 0xC0002023;
constexpr std::uint32_t kPythonWarning = 0x80002025;

TEST(UnhandledExceptions, AreEventsOnceAndTheServiceGoesOn) {
    TestService service("exceptions.Everywhere");
    EXPECT_EQ(service.start_and_wait_for_end(), kSuccess);
    EXPECT_TRUE(service.report().has("still running"));
    const std::vector<LoggedEvent> events = service.log().events(kUnhandledException);
    const auto of = [&](const std::string& text) {
        return std::ranges::count_if(events,
                                     [&](const LoggedEvent& event) { return event.text.find(text) != std::string::npos; });
    };
    EXPECT_EQ(events.size(), 4U);
    // Its repeats are one event at the end.
    EXPECT_EQ(of("ValueError: in a thread"), 2);
    EXPECT_EQ(of("2 more times since this was reported"), 1);
    EXPECT_EQ(of("thread 'worker'"), 2);
    EXPECT_EQ(of("KeyError: 'missing'"), 2);
    EXPECT_EQ(of("ValueError: in a destructor"), 1);
    EXPECT_EQ(of("name='lost one'"), 1);
    EXPECT_TRUE(logged(service, kPythonWarning, "warning", "UserWarning: do not use this: \u670d\u52a1"));
    // Not on stderr as well.
    for (const std::string& record : service.log().records()) {
        EXPECT_TRUE(record.starts_with("event ") || record.find("in a ") == std::string::npos) << record;
    }
}

}  // namespace
}  // namespace pysvc::test
