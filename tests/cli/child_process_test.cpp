// SPDX-License-Identifier: MIT
#include "host/service/child_process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

ChildResult run_shell(const std::string& script, std::string input = {}, std::chrono::milliseconds limit = 20s) {
    ChildRequest request;
    request.program = "/bin/sh";
    request.arguments = {"-c", script};
    request.input = std::move(input);
    request.limit = limit;
    const auto result = make_child_process()->run(request);
    EXPECT_TRUE(result);
    return result.value_or(ChildResult{});
}

TEST(ChildProcess, ReturnsOutputsAndExitCode) {
    const auto result = run_shell("echo out; echo err >&2; exit 7");
    EXPECT_EQ(result.output, "out\n");
    EXPECT_EQ(result.errors, "err\n");
    EXPECT_EQ(result.exit_code, 7U);
    EXPECT_FALSE(result.timed_out);
}

TEST(ChildProcess, FeedsAndReadsMoreThanABuffer) {
    const std::string input(1'000'000, 'x');
    EXPECT_EQ(run_shell("cat", input).output, input);
}

TEST(ChildProcess, ChildThatReadsNothingIsNoProblem) {
    EXPECT_EQ(run_shell("exit 0", std::string(1'000'000, 'x')).exit_code, 0U);
}

TEST(ChildProcess, ArgumentsArriveUnchanged) {
    ChildRequest request;
    request.program = "/bin/sh";
    request.arguments = {"-c", "printf '%s|' \"$@\"", "sh", "", "a b", "\"q\"", "back\\", "\xC3\xA9"};
    const auto result = make_child_process()->run(request);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output, "|a b|\"q\"|back\\|\xC3\xA9|");
}

TEST(ChildProcess, IsKilledAfterItsLimitWithWhatItStarted) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = run_shell("sleep 60 & sleep 60", {}, 300ms);
    EXPECT_TRUE(result.timed_out);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(ChildProcess, DoesNotWaitForWhatTheChildLeftBehind) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = run_shell("echo done; sleep 60 &");
    EXPECT_EQ(result.output, "done\n");
    EXPECT_FALSE(result.timed_out);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(ChildProcess, MissingProgramIsAnError) {
    ChildRequest request;
    request.program = "/nowhere/python";
    const auto result = make_child_process()->run(request);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().os_code, 2U);
}

}  // namespace
}  // namespace pysvc
