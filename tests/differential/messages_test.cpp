// SPDX-License-Identifier: MIT
// pywin32.md 1.3: the message table, read from the two files that Event Viewer opens.
#include "tests/differential/comparison.hpp"
#include "tests/scm/message_table.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace pysvc::test {
namespace {

std::string hexadecimal(DWORD id) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08lX", static_cast<unsigned long>(id));
    return text;
}

TEST(Messages, HaveTheSameIds) {
    compare_hosts([](HostRun& run) {
        // pywin32's ids come from its own file, for both: what we have beyond them is ours.
        const auto reference = read_message_table(message_file_of(Host::Pywin32));
        const auto messages = read_message_table(message_file_of(run.host()));
        EXPECT_GT(reference.size(), 50u);
        for (const auto& [id, unused] : reference) {
            const auto found = messages.find(id);
            const std::string ours = found == messages.end() ? std::string() : found->second;
            // pywin32's text of an id that it does not use is a line break.
            if (run.is_here()) {
                EXPECT_FALSE(ours.empty()) << hexadecimal(id);
            }
            run.observe(hexadecimal(id) + "/has a text", std::to_string(found != messages.end()));
            run.observe(hexadecimal(id) + "/inserts", static_cast<DWORD>(insert_count(ours)));
        }
    });
}

}  // namespace
}  // namespace pysvc::test
