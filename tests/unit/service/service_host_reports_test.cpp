// SPDX-License-Identifier: MIT
// What the engine reports of exceptions that nobody handled; how an instance is concluded.
#include "tests/unit/service/host_test.hpp"

namespace pysvc {
namespace {

using namespace std::chrono_literals;

class ServiceHostReportsTest : public HostTest {
protected:
    void report(std::string_view text, ErrorCode code = ErrorCode::UnhandledException) {
        const pysvc_host_api& api = host().api();
        api.report_error(api.host, static_cast<std::uint32_t>(code), view(text));
    }
};

TEST_F(ServiceHostReportsTest, AnExceptionIsAnEventWithItsText) {
    start_and_wait("svc");
    report("thread 'worker'\nValueError: x");
    EXPECT_NE(events.text(ErrorCode::UnhandledException).find("thread 'worker'\nValueError: x"), std::string::npos);
    report("svc.py:3: UserWarning: careful", ErrorCode::PythonWarning);
    EXPECT_EQ(events.count(ErrorCode::PythonWarning), 1U);
    stop_and_wait();
}

TEST_F(ServiceHostReportsTest, RepeatsAreOneEventMoreWhenTheirTimeIsOver) {
    start_and_wait("svc");
    for (int i = 0; i < 1'000; ++i) report("Task-" + std::to_string(i) + ": ValueError");
    EXPECT_EQ(events.count(ErrorCode::UnhandledException), 1U);
    clock.wait_until_watched(RepeatedReports::kWindow);
    clock.pass(RepeatedReports::kWindow);
    EXPECT_EQ(events.count(ErrorCode::UnhandledException), 2U);
    EXPECT_NE(events.text(ErrorCode::UnhandledException).find("999 more times"), std::string::npos);
    clock.pass(RepeatedReports::kWindow);
    EXPECT_EQ(events.count(ErrorCode::UnhandledException), 2U);
    stop_and_wait();
}

TEST_F(ServiceHostReportsTest, RepeatsAreToldBeforeStopped) {
    start_and_wait("svc");
    for (int i = 0; i < 3; ++i) report("ValueError");
    stop_and_wait();
    EXPECT_EQ(events.count(ErrorCode::UnhandledException), 2U);
    EXPECT_NE(events.text(ErrorCode::UnhandledException).find("2 more times"), std::string::npos);
}

TEST_F(ServiceHostReportsTest, RepeatsAreToldWhenTheProcessIsEndedByForce) {
    engine.on_run(hanging_class());
    engine.on_raise_system_exit = [](FakeService&) { return true; };
    start_and_wait("svc");
    for (int i = 0; i < 3; ++i) report("ValueError");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    clock.advance(180s);
    process.wait_for_end();
    EXPECT_NE(events.text(ErrorCode::UnhandledException).find("2 more times"), std::string::npos);
}

/// The record of the instance (InstanceRecord) is closed before the SCM may start the next one.
class ServiceHostConclusionTest : public HostTest {
protected:
    ServiceHostConclusionTest() {
        conclude = [this] { trace.add("conclude"); };
    }
    void expect_conclusion_before_stopped() {
        EXPECT_EQ(trace.only({"conclude", "svc STOPPED"}), (std::vector<std::string>{"conclude", "svc STOPPED"}));
    }
};

TEST_F(ServiceHostConclusionTest, ComesBeforeStopped) {
    start_and_wait("svc");
    EXPECT_EQ(trace.count("conclude"), 0U);
    stop_and_wait();
    expect_conclusion_before_stopped();
}

TEST_F(ServiceHostConclusionTest, ComesBeforeTheStoppedOfALastResort) {
    engine.on_run(hanging_class());
    engine.on_raise_system_exit = [](FakeService&) { return true; };
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    clock.advance(180s);
    process.wait_for_end();
    expect_conclusion_before_stopped();
}

TEST_F(ServiceHostConclusionTest, ComesBeforeTheStoppedOfAServiceThatIsRefused) {
    table.emplace(ServiceTable::group({"another"}));
    start("svc");
    wait_until_closed();
    expect_conclusion_before_stopped();
}

}  // namespace
}  // namespace pysvc
