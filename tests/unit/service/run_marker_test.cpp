// SPDX-License-Identifier: MIT
#include "host/service/run_marker.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

TEST(RunMarker, IsReadAsItWasWritten) {
    const RunMarker marker{{4'294'967'295, 18'446'744'073'709'551'615U}, std::chrono::sys_seconds(1'800'000'000s)};
    EXPECT_EQ(parse_run_marker(to_text(marker)), marker);
}

TEST(RunMarker, ThatIsDamagedIsNone) {
    using namespace std::string_view_literals;
    for (const std::string_view text :
         {""sv, "\n"sv, "12 34 56"sv, "12 34\n"sv, "12 34 56\n\n"sv, "12  34 56\n"sv, "-12 34 56\n"sv, "12 34 -56\n"sv,
          "12 34 56 78\n"sv, "4294967296 34 56\n"sv, "12 34 253402300800\n"sv, "\0\0\0\0"sv, "12 34 5\0\n"sv}) {
        EXPECT_FALSE(parse_run_marker(text)) << text;
    }
}

}  // namespace
}  // namespace pysvc
