// SPDX-License-Identifier: MIT
#include "host/cli/safe_output.hpp"

#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

TEST(SafeOutput, KeepsNamesFromControllingTheTerminal) {
    fakes::RecordingOutput recorded;
    SafeOutput output(recorded);
    output.write(Stream::Out, "\x1B]0;title\x07\x1B[31mred\t\xC2\x9B" "2J\n");
    output.write(Stream::Err, "\xE2\x80\xAE" "exe.py \xC3\xBC\r\n");
    EXPECT_EQ(recorded.out, "\\x1b]0;title\\x07\\x1b[31mred\t\\x9b2J\n");
    EXPECT_EQ(recorded.err, "\\u202eexe.py \xC3\xBC\n");
    ASSERT_TRUE(output.ask_secret("Password of \x1B[8mjoe: "));
    EXPECT_EQ(recorded.prompts.at(0), "Password of \\x1b[8mjoe: ");
}

}  // namespace
}  // namespace pysvc
