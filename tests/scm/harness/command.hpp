// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"
#include "tests/scm/harness/wait.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pysvc::test {

/// A program with its output in a pipe.
class Command {
public:
    /// PythonService.exe with these arguments, in this current folder (empty: ours).
    explicit Command(const std::vector<std::string>& arguments, const std::filesystem::path& folder = {});
    Command(const std::filesystem::path& program, const std::vector<std::string>& arguments,
            const std::filesystem::path& folder);
    /// Ends it if it still runs.
    ~Command();
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    /// Fails the test, and ends the program, when it does not end by itself. Its exit code.
    DWORD wait(std::chrono::milliseconds limit = 2 * kPatience);
    /// What it wrote to stdout and stderr; complete after wait().
    [[nodiscard]] std::string output();
    [[nodiscard]] bool is_running() const;

private:
    void launch(const std::wstring& command_line, const std::filesystem::path& folder);

    win::UniqueHandle process_;
    win::UniqueHandle read_end_;
    std::thread reader_;
    struct Output;
    std::shared_ptr<Output> output_;
};

/// How a command ended, and what it wrote.
struct CommandResult {
    DWORD code = 0;
    std::string output;
};

/// PythonService.exe with these arguments, in this current folder (empty: ours), to its end.
[[nodiscard]] CommandResult run_command(const std::vector<std::string>& arguments,
                                        const std::filesystem::path& folder = {});

}  // namespace pysvc::test
