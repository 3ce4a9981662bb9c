// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pysvc::cli_tests {

/// A program as a job of its own, with what it prints and its way to an end. Killed with the test.
class RunningProgram {
public:
    explicit RunningProgram(std::vector<std::string> words, const std::vector<int>& ignored_signals = {}) {
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        int ends[2];
        // -1 in kill() would be every process of the user.
        if (pipe(ends) != 0 || (pid_ = fork()) < 0) std::abort();
        if (pid_ == 0) {
            // A process group of its own, as a shell makes it: signals of job control work only there.
            setpgid(0, 0);
            for (const int number : ignored_signals) std::signal(number, SIG_IGN);
            dup2(ends[1], STDOUT_FILENO);
            dup2(ends[1], STDERR_FILENO);
            close(ends[0]);
            close(ends[1]);
            execv(argv[0], argv.data());
            _exit(127);
        }
        close(ends[1]);
        output_ = ends[0];
    }
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;
    ~RunningProgram() {
        if (!ended_) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        close(output_);
    }

    void send(int number) const { kill(pid_, number); }

    /// Waits until the program has printed `text` behind what was waited for before.
    [[nodiscard]] bool prints(const std::string& text) {
        const auto deadline = std::chrono::steady_clock::now() + kLimit;
        for (;;) {
            if (const auto found = text_.find(text, seen_); found != std::string::npos) {
                seen_ = found + text.size();
                return true;
            }
            if (std::chrono::steady_clock::now() > deadline || !read_more()) return false;
        }
    }
    /// All that it printed so far.
    [[nodiscard]] const std::string& text() const { return text_; }

    /// Waits until the program is stopped, as by Ctrl+Z.
    [[nodiscard]] bool is_suspended() { return WIFSTOPPED(wait_for(WUNTRACED)); }

    /// Waits for its end: its exit code, -1 after a signal.
    [[nodiscard]] int exit_code() {
        while (read_more()) {
        }
        const int status = wait_for(0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    // Far above what anything here takes: a hang is a failure.
    static constexpr std::chrono::seconds kLimit{60};

    /// The status of the program when it changes; that of a hang is SIGKILL.
    [[nodiscard]] int wait_for(int options) {
        std::mutex mutex;
        std::condition_variable changed;
        bool done = false;
        std::thread killer([&] {
            std::unique_lock lock(mutex);
            if (!changed.wait_for(lock, kLimit, [&] { return done; })) kill(pid_, SIGKILL);
        });
        int status = 0;
        waitpid(pid_, &status, options);
        {
            const std::lock_guard lock(mutex);
            done = true;
        }
        changed.notify_all();
        killer.join();
        ended_ = !WIFSTOPPED(status);
        return status;
    }

    /// False at the end of the output.
    bool read_more() {
        pollfd ready{output_, POLLIN, 0};
        if (poll(&ready, 1, static_cast<int>(std::chrono::milliseconds(kLimit).count())) <= 0) return false;
        char buffer[4096];
        const ssize_t got = read(output_, buffer, sizeof buffer);
        if (got <= 0) return false;
        text_.append(buffer, static_cast<std::size_t>(got));
        return true;
    }

    pid_t pid_ = -1;
    int output_ = -1;
    bool ended_ = false;
    std::string text_;
    std::size_t seen_ = 0;
};

/// `PythonService debug SCRIPT ARGUMENT...`
class DebuggedProgram : public RunningProgram {
public:
    explicit DebuggedProgram(const std::string& script, const std::vector<std::string>& arguments = {},
                             const std::vector<int>& ignored_signals = {})
        : RunningProgram(command(script, arguments), ignored_signals) {}

private:
    static std::vector<std::string> command(const std::string& script, const std::vector<std::string>& arguments) {
        std::vector<std::string> words{PYSVC_PROGRAM, "debug", "--python", PYSVC_PYTHON, script};
        words.insert(words.end(), arguments.begin(), arguments.end());
        return words;
    }
};

}  // namespace pysvc::cli_tests
