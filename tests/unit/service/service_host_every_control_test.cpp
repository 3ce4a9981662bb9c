// SPDX-License-Identifier: MIT
// Every control there is, in every situation in which the SCM may send it: what the sender is answered, what the class
// is told.
#include "tests/unit/service/host_test.hpp"

#include <string>
#include <vector>

namespace pysvc {
namespace {

using enum State;

/// How a control is treated.
enum class Kind {
    Native,  ///< answered from what the host knows
    Stop,    ///< one of the three that end the service
    Order,   ///< changes the state
    Notice,  ///< told to the class, answered before
    Asked    ///< the class's answer is Windows' business
};

struct Control {
    const char* name;
    std::uint32_t code;
    Kind kind;
};

const Control kEveryControl[] = {{"Stop", 1, Kind::Stop},
                                 {"Pause", 2, Kind::Order},
                                 {"Continue", 3, Kind::Order},
                                 {"Interrogate", 4, Kind::Native},
                                 {"Shutdown", 5, Kind::Stop},
                                 {"ParamChange", 6, Kind::Notice},
                                 {"NetBindAdd", 7, Kind::Notice},
                                 {"NetBindRemove", 8, Kind::Notice},
                                 {"NetBindEnable", 9, Kind::Notice},
                                 {"NetBindDisable", 10, Kind::Notice},
                                 {"DeviceEvent", 11, Kind::Asked},
                                 {"HardwareProfileChange", 12, Kind::Asked},
                                 {"PowerEvent", 13, Kind::Asked},
                                 {"SessionChange", 14, Kind::Notice},
                                 {"Preshutdown", 15, Kind::Stop},
                                 {"TimeChange", 16, Kind::Notice},
                                 {"UserLogoff", 17, Kind::Notice},
                                 {"TriggerEvent", 32, Kind::Notice},
                                 {"LowResources", 96, Kind::Notice},
                                 {"SystemLowResources", 97, Kind::Notice},
                                 {"FirstUserDefined", 128, Kind::Notice},
                                 {"UserDefined", 200, Kind::Notice},
                                 {"LastUserDefined", 255, Kind::Notice}};

/// Every bit that winnt.h has.
constexpr std::uint32_t kAcceptsEverything = 0x6FFF;
/// Two that the tests need for themselves.
constexpr std::uint32_t kBusy = 240;
constexpr std::uint32_t kBarrier = 241;
constexpr std::uint32_t kAnswerOfTheClass = 5;

class EveryControl : public HostTest, public testing::WithParamInterface<Control> {
protected:
    EveryControl() {
        engine.on_run([this](const ServicePointer& service) {
            service->register_handler([this, service](const FakeControl& control) { return handle(*service, control); },
                                      true, true);
            service->before_run();
            service->report(Running, kAcceptsEverything);
            service->run_until_stop();
            main_may_end_.wait();
            return RunAnswer::returned();
        });
    }

    ControlAnswer handle(FakeService& service, const FakeControl& control) {
        if (control.control == kBarrier) return ControlAnswer::returned();
        if (control.control == kBusy) {
            if (end_while_busy_) service.stop();
            class_is_free_.wait();
            return ControlAnswer::returned();
        }
        told_.push_back(std::to_string(control.control) + ":" + std::to_string(control.event_type) + ":" +
                        control.data + (control.extra_args ? ":extra" : ""));
        if (control.control == control::kPause) service.report(Paused, kAcceptsEverything);
        if (control.control == control::kContinue) service.report(Running, kAcceptsEverything);
        if (is_stop_control(control)) {
            service.report(StopPending);
            service.stop();
        }
        return ControlAnswer::returned(kAnswerOfTheClass);
    }

    /// RUNNING, or what CONTINUE continues from.
    void start_service() {
        start_and_wait("svc");
        if (GetParam().code != control::kContinue) return;
        EXPECT_EQ(scm.control("svc", control::kPause), win32::kNoError);
        scm.wait_for("svc", Paused);
        wait_for_class();
        told_.clear();
    }
    std::uint32_t send() {
        const std::string text = "data";
        const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
        return scm.control("svc", GetParam().code, 0x8013, {bytes, bytes + text.size()});
    }
    /// Until it has handled everything that was sent.
    void wait_for_class() {
        const std::size_t before = trace.count("control 241");
        EXPECT_EQ(scm.control("svc", kBarrier), win32::kNoError);
        trace.wait_for("control 241", before + 1);
    }
    /// Until it stands still inside a control.
    void occupy_class() {
        EXPECT_EQ(scm.control("svc", kBusy), win32::kNoError);
        trace.wait_for("control 240");
    }
    void finish() {
        class_is_free_.open();
        main_may_end_.open();
        // Refused where the test has stopped it already.
        (void)scm.control("svc", control::kStop);
        wait_until_closed();
    }

    Gate& class_is_free_ = gate("the class to be free");
    Gate& main_may_end_ = gate("the main method to end");
    bool end_while_busy_ = false;
    std::vector<std::string> told_;  ///< control thread; the test reads it behind a barrier or the end
};

TEST_P(EveryControl, ReachesTheClassOnceWithItsEventTypeAndData) {
    start_service();
    EXPECT_EQ(scm.last("svc").accepted, kAcceptsEverything);
    (void)send();
    // STOP would overtake it.
    if (GetParam().kind != Kind::Stop) wait_for_class();
    finish();
    ASSERT_FALSE(told_.empty());
    EXPECT_EQ(told_[0], std::to_string(GetParam().code) + ":32787:data:extra");
    if (GetParam().kind == Kind::Stop) {
        EXPECT_EQ(told_.size(), 1U) << "several stops are one";
    } else {
        EXPECT_EQ(told_.size(), 2U) << "the other one is the STOP at the end";
    }
}

TEST_P(EveryControl, IsAnsweredByTheClassOnlyWhereWindowsAsks) {
    start_service();
    EXPECT_EQ(send(), GetParam().kind == Kind::Asked ? kAnswerOfTheClass : win32::kNoError);
    finish();
    EXPECT_EQ(exit_of(), ExitStatus::success());
}

TEST_P(EveryControl, IsAnsweredWhileTheServiceStops) {
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    wait_for_class();  // it has been told, its main method goes on
    switch (GetParam().kind) {
        case Kind::Native:
        case Kind::Stop: EXPECT_EQ(send(), win32::kNoError); break;
        case Kind::Order: EXPECT_EQ(send(), win32::kServiceCannotAcceptControl); break;
        case Kind::Asked: EXPECT_EQ(send(), kAnswerOfTheClass); break;
        case Kind::Notice:
            EXPECT_EQ(send(), GetParam().code == control::kTriggerEvent ? win32::kShutdownInProgress : win32::kNoError);
            break;
    }
    finish();
    EXPECT_EQ(states(), (std::vector{StartPending, Running, StopPending, Stopped}));
}

TEST_P(EveryControl, IsRefusedWhenTheCodeHasEnded) {
    end_while_busy_ = true;
    main_may_end_.open();
    start_and_wait("svc");
    occupy_class();
    // The code has ended when nothing is taken any more; the control above keeps the service from going on.
    while (scm.control("svc", kBarrier) != win32::kServiceCannotAcceptControl) std::this_thread::yield();
    switch (GetParam().kind) {
        case Kind::Native: EXPECT_EQ(send(), win32::kNoError); break;
        case Kind::Stop:
            EXPECT_EQ(send(), win32::kNoError) << "it is stopping, as asked";
            EXPECT_EQ(send(), win32::kServiceCannotAcceptControl);
            break;
        case Kind::Order:
        case Kind::Asked: EXPECT_EQ(send(), win32::kServiceCannotAcceptControl); break;
        case Kind::Notice:
            EXPECT_EQ(send(), GetParam().code == control::kTriggerEvent ? win32::kShutdownInProgress
                                                                        : win32::kServiceCannotAcceptControl);
            break;
    }
    finish();
    EXPECT_TRUE(told_.empty());
}

TEST_P(EveryControl, IsRefusedWhenTheQueueIsFull) {
    start_service();
    const std::vector<State> before = states();
    occupy_class();
    while (scm.control("svc", kBarrier) == win32::kNoError) {
    }
    const bool never_refused = GetParam().kind == Kind::Native || GetParam().kind == Kind::Stop;
    EXPECT_EQ(send(), never_refused ? win32::kNoError : win32::kNotEnoughQuota);
    if (GetParam().kind == Kind::Order) {
        EXPECT_EQ(states().back(), before.back()) << "it has not begun";
    }
    finish();
}

INSTANTIATE_TEST_SUITE_P(ServiceHost, EveryControl, testing::ValuesIn(kEveryControl),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace pysvc
