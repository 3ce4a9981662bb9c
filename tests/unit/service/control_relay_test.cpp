// SPDX-License-Identifier: MIT
#include "host/service/control_relay.hpp"

#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace pysvc {
namespace {

/// Answers with its number, and may hold whoever is inside.
class FakeRun final : public ControlSink {
public:
    explicit FakeRun(std::uint32_t number) : number_(number) {}
    std::uint32_t on_control(ControlRecord record) noexcept override {
        if (record.control == kHold) {
            inside.open();
            go_on.wait();
        }
        return number_;
    }

    static constexpr std::uint32_t kHold = 200;
    fakes::Gate inside{"a control to be inside"};
    fakes::Gate go_on{"the control to go on"};

private:
    const std::uint32_t number_;
};

TEST(ControlRelay, RefusesWhileNothingIsConnected) {
    ControlRelay relay;
    EXPECT_EQ(relay.on_control({control::kStop, 0, {}}), win32::kServiceCannotAcceptControl);
}

TEST(ControlRelay, AsksTheNewestRun) {
    ControlRelay relay;
    relay.connect(std::make_shared<FakeRun>(1));
    EXPECT_EQ(relay.on_control({128, 0, {}}), 1U);
    relay.connect(std::make_shared<FakeRun>(2));
    EXPECT_EQ(relay.on_control({128, 0, {}}), 2U);
}

TEST(ControlRelay, ARunLivesWhileSomebodyIsInsideAndNoLonger) {
    ControlRelay relay;
    auto first = std::make_shared<FakeRun>(1);
    const std::weak_ptr<FakeRun> watched = first;
    relay.connect(first);
    std::uint32_t answer = 0;
    std::thread dispatcher([&] { answer = relay.on_control({FakeRun::kHold, 0, {}}); });
    first->inside.wait();
    fakes::Gate& go_on = first->go_on;
    relay.connect(std::make_shared<FakeRun>(2));
    first.reset();
    EXPECT_FALSE(watched.expired());
    EXPECT_EQ(relay.on_control({128, 0, {}}), 2U) << "and nobody waits for it";
    go_on.open();
    dispatcher.join();
    EXPECT_EQ(answer, 1U);
    EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace pysvc
