// SPDX-License-Identifier: MIT
#include "host/service/bounded_calls.hpp"

#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using fakes::Gate;

TEST(BoundedCalls, WaitForACallThatReturns) {
    BoundedCalls calls;
    bool called = false;
    EXPECT_EQ(calls.run([&] { called = true; }, 1min), BoundedCalls::Result::Done);
    EXPECT_TRUE(called);
}

TEST(BoundedCalls, GoOnWithoutOneThatDoesNot) {
    Gate go_on;
    BoundedCalls calls;
    EXPECT_EQ(calls.run([&] { go_on.wait(); }, 1ms), BoundedCalls::Result::Late);
    EXPECT_EQ(calls.run([] {}, 1min), BoundedCalls::Result::Done) << "the next one has a thread of its own";
    go_on.open();
}

TEST(BoundedCalls, AreWaitedForAtTheEnd) {
    Gate go_on;
    const auto owned = std::make_shared<int>(0);
    {
        BoundedCalls calls;
        EXPECT_EQ(calls.run(
                      [&go_on, owned] {
                          go_on.wait();
                          ++*owned;
                      },
                      1ms),
                  BoundedCalls::Result::Late);
        go_on.open();
    }
    EXPECT_EQ(*owned, 1);
    EXPECT_EQ(owned.use_count(), 1) << "what the call held went with it";
}

}  // namespace
}  // namespace pysvc
