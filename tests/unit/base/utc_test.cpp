// SPDX-License-Identifier: MIT
#include "host/base/utc.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

TEST(Utc, TextHasAllParts) {
    const auto time = std::chrono::sys_days(std::chrono::year(2026) / 1 / 31) + 7h + 8min + 9s;
    EXPECT_EQ(utc_text(time), "2026-01-31T07:08:09Z");
    EXPECT_EQ(compact_utc(time), "20260131T070809Z");
    EXPECT_EQ(utc_text({}), "1970-01-01T00:00:00Z");
}

}  // namespace
}  // namespace pysvc
