// SPDX-License-Identifier: MIT
#include "host/service/control_queue.hpp"

#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;

QueuedControl control_of(std::uint32_t code, std::size_t data_size = 0, std::shared_ptr<Reply> reply = nullptr) {
    return {{code, 0, std::vector<std::byte>(data_size)}, std::move(reply)};
}

TEST(ControlQueue, KeepsTheOrder) {
    QueueBudget budget;
    ControlQueue queue(budget);
    for (std::uint32_t code = 128; code < 138; ++code) ASSERT_TRUE(queue.push(control_of(code)));
    for (std::uint32_t code = 128; code < 138; ++code) EXPECT_EQ(queue.pop()->record.control, code);
}

TEST(ControlQueue, StopOvertakes) {
    QueueBudget budget;
    ControlQueue queue(budget);
    ASSERT_TRUE(queue.push(control_of(128)));
    ASSERT_TRUE(queue.push(control_of(129)));
    queue.push_stop(control_of(control::kStop));
    EXPECT_EQ(queue.pop()->record.control, control::kStop);
    EXPECT_EQ(queue.pop()->record.control, 128U);
}

TEST(ControlQueue, SeveralStopsAreOne) {
    QueueBudget budget;
    ControlQueue queue(budget);
    queue.push_stop(control_of(control::kStop));
    queue.push_stop(control_of(control::kShutdown));
    ASSERT_TRUE(queue.push(control_of(128)));
    EXPECT_EQ(queue.pop()->record.control, control::kStop);
    EXPECT_EQ(queue.pop()->record.control, 128U);
}

TEST(ControlQueue, HoldsNoMoreThanTheRecordsOfTheProcess) {
    QueueBudget budget;
    ControlQueue first(budget);
    ControlQueue second(budget);
    for (int i = 0; i < 65'535; ++i) ASSERT_TRUE(first.push(control_of(128)));
    EXPECT_TRUE(second.push(control_of(128)));
    EXPECT_FALSE(first.push(control_of(129)));
    EXPECT_FALSE(second.push(control_of(129)));
    first.push_stop(control_of(control::kStop));  // is never refused
    EXPECT_EQ(first.pop()->record.control, control::kStop);
    EXPECT_FALSE(second.push(control_of(129))) << "STOP has a slot of its own";
    EXPECT_EQ(first.pop()->record.control, 128U);
    EXPECT_TRUE(second.push(control_of(129)));
}

TEST(ControlQueue, HoldsNoMoreThanEightMebibytesOfEventData) {
    QueueBudget budget;
    ControlQueue queue(budget);
    ASSERT_TRUE(queue.push(control_of(11, 8 * kMebibyte)));
    EXPECT_FALSE(queue.push(control_of(11, 1)));
    EXPECT_TRUE(queue.push(control_of(11, 0)));
    ASSERT_TRUE(queue.pop());
    EXPECT_FALSE(queue.push(control_of(11, 8 * kMebibyte + 1)));
    EXPECT_TRUE(queue.push(control_of(11, 8 * kMebibyte)));
}

TEST(ControlQueue, AClosedOrDestroyedQueueGivesItsBudgetBack) {
    QueueBudget budget;
    {
        ControlQueue closed(budget);
        ASSERT_TRUE(closed.push(control_of(11, 4 * kMebibyte)));
        closed.close(0);
        EXPECT_FALSE(closed.push(control_of(11, 1)));
        ControlQueue destroyed(budget);
        ASSERT_TRUE(destroyed.push(control_of(11, 8 * kMebibyte)));
    }
    EXPECT_TRUE(budget.take(8 * kMebibyte));
}

TEST(ControlQueue, PopWaitsForAControl) {
    QueueBudget budget;
    ControlQueue queue(budget);
    std::uint32_t got = 0;
    std::thread control_thread([&] { got = queue.pop()->record.control; });
    ASSERT_TRUE(queue.push(control_of(200)));
    control_thread.join();
    EXPECT_EQ(got, 200U);
}

TEST(ControlQueue, CloseEndsPopAndAnswersWhoeverWaits) {
    QueueBudget budget;
    ControlQueue queue(budget);
    const auto waiting = std::make_shared<Reply>();
    const auto stopping = std::make_shared<Reply>();
    ASSERT_TRUE(queue.push(control_of(128, 0, waiting)));
    queue.push_stop(control_of(control::kStop, 0, stopping));
    std::optional<std::uint32_t> answer;
    std::thread sender([&] { answer = waiting->wait(fakes::kPatience); });
    queue.close(42);
    sender.join();
    EXPECT_EQ(answer, 42U);
    EXPECT_EQ(stopping->wait(0ms), 42U);
    EXPECT_FALSE(queue.pop());
    queue.push_stop(control_of(control::kStop));
    EXPECT_FALSE(queue.pop());
}

TEST(ControlQueue, CloseWakesAWaitingControlThread) {
    QueueBudget budget;
    ControlQueue queue(budget);
    bool ended = false;
    std::thread control_thread([&] { ended = !queue.pop().has_value(); });
    queue.close(0);
    control_thread.join();
    EXPECT_TRUE(ended);
}

TEST(ControlQueue, LosesAndDoublesNothingBetweenThreads) {
    QueueBudget budget;
    ControlQueue queue(budget);
    constexpr int kSenders = 4;
    constexpr int kEach = 500;
    std::vector<std::thread> senders;
    for (int i = 0; i < kSenders; ++i) {
        senders.emplace_back([&, i] {
            for (int n = 0; n < kEach; ++n) {
                EXPECT_TRUE(queue.push({{128, static_cast<std::uint32_t>(i * kEach + n), {}}, nullptr}));
            }
        });
    }
    std::vector<int> seen(kSenders * kEach);
    std::vector<int> last(kSenders, -1);
    for (int n = 0; n < kSenders * kEach; ++n) {
        const auto event = static_cast<int>(queue.pop()->record.event_type);
        ++seen[static_cast<std::size_t>(event)];
        auto& before = last[static_cast<std::size_t>(event / kEach)];
        EXPECT_LT(before, event) << "the order of one sender";
        before = event;
    }
    for (std::thread& sender : senders) sender.join();
    EXPECT_EQ(seen, std::vector<int>(kSenders * kEach, 1));
}

TEST(Reply, TheFirstAnswerCounts) {
    Reply reply;
    reply.set(5);
    reply.set(6);
    EXPECT_EQ(reply.wait(0ms), 5U);
}

TEST(Reply, GivesUpWhenTheTimeIsOver) {
    Reply reply;
    EXPECT_EQ(reply.wait(1ms), std::nullopt);
}

}  // namespace
}  // namespace pysvc
