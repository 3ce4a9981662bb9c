// SPDX-License-Identifier: MIT
#include "host/service/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

namespace pysvc {
namespace {

/// Longer than what a string keeps inside itself.
const std::string kText(100, 'p');

bool is_zero(const char* memory) { return std::all_of(memory, memory + kText.size(), [](char c) { return c == 0; }); }

TEST(Secret, WipedMemoryIsZero) {
    std::string text = kText;
    const char* memory = text.data();
    wipe(text);
    EXPECT_TRUE(is_zero(memory));
    EXPECT_TRUE(text.empty());
}

TEST(Secret, LeavesNothingInWhatItTookOver) {
    std::string text = kText;
    const char* memory = text.data();
    Secret first(std::move(text));
    EXPECT_EQ(first.reveal(), kText);
    EXPECT_TRUE(is_zero(memory));

    memory = first.reveal().data();
    Secret second(std::move(first));
    EXPECT_EQ(second.reveal(), kText);
    EXPECT_TRUE(is_zero(memory));

    memory = second.reveal().data();
    Secret third;
    third = std::move(second);
    EXPECT_EQ(third.reveal(), kText);
    EXPECT_TRUE(is_zero(memory));
}

TEST(Secret, IsNotCopied) {
    EXPECT_FALSE(std::is_copy_constructible_v<Secret>);
    EXPECT_FALSE(std::is_copy_assignable_v<Secret>);
}

}  // namespace
}  // namespace pysvc
