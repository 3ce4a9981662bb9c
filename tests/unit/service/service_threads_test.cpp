// SPDX-License-Identifier: MIT
#include "host/service/service_threads.hpp"

#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>

namespace pysvc {
namespace {

TEST(ServiceThreads, RunsEachOnAThreadOfItsOwn) {
    fakes::Gate first("the first");
    fakes::Gate second("the second");
    ServiceThreads threads;
    // Each waits for the other.
    threads.run([&] {
        first.open();
        second.wait();
    });
    threads.run([&] {
        second.open();
        first.wait();
    });
    threads.join();
    EXPECT_TRUE(first.is_open() && second.is_open());
    EXPECT_EQ(threads.size(), 0U);
}

TEST(ServiceThreads, JoinsThoseThatHaveEndedAndNoOthers) {
    fakes::Gate go_on("the long one");
    std::deque<fakes::Gate> gates;  // who opens one is inside it a little longer than who waits for it
    ServiceThreads threads;
    threads.run([&] { go_on.wait(); });
    std::size_t most = 0;
    for (int i = 0; i < 1'000; ++i) {
        fakes::Gate& done = gates.emplace_back("a short one");
        threads.run([&done] { done.open(); });
        done.wait();
        most = std::max(most, threads.size());
    }
    EXPECT_LE(most, 16U) << "how many depends on how fast a thread ends";
    EXPECT_GE(threads.size(), 1U);
    go_on.open();
}

TEST(ServiceThreads, WhatTheWorkHoldsGoesWithIt) {
    fakes::Gate gone("what was held to be gone");
    ServiceThreads threads;
    {
        std::shared_ptr<void> guard(nullptr, [&](void*) { gone.open(); });
        threads.run([guard = std::move(guard)] {});
    }
    gone.wait();
    EXPECT_EQ(threads.size(), 1U) << "the thread itself is joined with the next one";
}

}  // namespace
}  // namespace pysvc
