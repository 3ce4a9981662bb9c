// SPDX-License-Identifier: MIT
#include "host/posix/children.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

namespace pysvc::posix {
namespace {

TEST(Children, AreNamedWhileTheyRun) {
    std::string name = "cat";
    char* const arguments[] = {name.data(), nullptr};
    // Ends with its input, which this process holds.
    int input[2];
    ASSERT_EQ(pipe(input), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    posix_spawn_file_actions_addclose(&actions, input[1]);
    pid_t child = 0;
    ASSERT_EQ(posix_spawnp(&child, "cat", &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    const std::string line = std::to_string(child) + " cat\n";
    EXPECT_NE(children().find(line), std::string::npos) << children();
    close(input[1]);
    // Dead, and nobody has asked for its end yet: it does not run any more.
    siginfo_t end{};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &end, WEXITED | WNOWAIT), 0);
    EXPECT_EQ(children().find(line), std::string::npos);
    waitpid(child, nullptr, 0);
    close(input[0]);
}

}  // namespace
}  // namespace pysvc::posix
