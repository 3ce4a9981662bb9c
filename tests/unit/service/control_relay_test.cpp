// SPDX-License-Identifier: MIT
#include "host/service/control_relay.hpp"

#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace pysvc {
namespace {

constexpr std::uint32_t kHold = 200;

/// Where a control with kHold stays. Outlives the run that it is in.
struct Hold {
    fakes::Gate inside{"a control to be inside"};
    fakes::Gate go_on{"the control to go on"};
};

/// Answers with its number.
class FakeRun final : public ControlSink {
public:
    FakeRun(std::uint32_t number, Hold& hold) : number_(number), hold_(hold) {}
    std::uint32_t on_control(ControlRecord record) noexcept override {
        if (record.control == kHold) {
            hold_.inside.open();
            hold_.go_on.wait();
        }
        return number_;
    }

private:
    const std::uint32_t number_;
    Hold& hold_;
};

TEST(ControlRelay, RefusesWhileNothingIsConnected) {
    ControlRelay relay;
    EXPECT_EQ(relay.on_control({control::kStop, 0, {}}), win32::kServiceCannotAcceptControl);
}

TEST(ControlRelay, AsksTheNewestRun) {
    ControlRelay relay;
    Hold hold;
    relay.connect(std::make_shared<FakeRun>(1, hold));
    EXPECT_EQ(relay.on_control({128, 0, {}}), 1U);
    relay.connect(std::make_shared<FakeRun>(2, hold));
    EXPECT_EQ(relay.on_control({128, 0, {}}), 2U);
}

TEST(ControlRelay, ARunLivesWhileSomebodyIsInsideAndNoLonger) {
    ControlRelay relay;
    Hold hold;
    auto first = std::make_shared<FakeRun>(1, hold);
    const std::weak_ptr<FakeRun> watched = first;
    relay.connect(first);
    std::uint32_t answer = 0;
    std::thread dispatcher([&] { answer = relay.on_control({kHold, 0, {}}); });
    hold.inside.wait();
    relay.connect(std::make_shared<FakeRun>(2, hold));
    first.reset();
    EXPECT_FALSE(watched.expired());
    EXPECT_EQ(relay.on_control({128, 0, {}}), 2U) << "and nobody waits for it";
    hold.go_on.open();
    dispatcher.join();
    EXPECT_EQ(answer, 1U);
    EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace pysvc
