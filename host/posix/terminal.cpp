// SPDX-License-Identifier: MIT
#include "host/service/terminal.hpp"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace pysvc {
namespace {

volatile sig_atomic_t interrupt_requested = 0;

void on_interrupt(int) { interrupt_requested = 1; }

Result<Secret> read_line() {
    std::string line;
    char c = 0;
    ssize_t count = 0;
    while ((count = read(STDIN_FILENO, &c, 1)) > 0 && c != '\n') line.push_back(c);
    if (count < 0) {
        const auto code = static_cast<std::uint32_t>(errno);
        wipe(line);
        return failure(ErrorCode::OperatingSystem, code, "standard input");
    }
    if (line.ends_with('\r')) line.pop_back();
    return Secret(std::move(line));
}

class StandardOutput final : public Output {
public:
    void write(Stream stream, std::string_view text) override {
        const int descriptor = stream == Stream::Out ? STDOUT_FILENO : STDERR_FILENO;
        while (!text.empty()) {
            const ssize_t count = ::write(descriptor, text.data(), text.size());
            if (count < 0 && errno != EINTR) return;
            if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    Result<Secret> ask_secret(std::string_view prompt) override {
        termios before{};
        if (tcgetattr(STDIN_FILENO, &before) != 0) {
            return failure(ErrorCode::Usage, 0, "a password is needed and there is no console to ask for it on");
        }
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        write(Stream::Err, prompt);
        auto line = read_line();
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        write(Stream::Err, "\n");
        return line;
    }

    Result<Secret> read_secret_line() override { return read_line(); }
};

class SignalInterrupts final : public Interrupts {
public:
    void watch() override {
        struct sigaction action {};
        action.sa_handler = on_interrupt;
        // Only the first Ctrl+C is taken; a second one ends the process as usual.
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(SIGINT, &action, nullptr);
    }
    [[nodiscard]] bool requested() const override { return interrupt_requested != 0; }
};

}  // namespace

std::unique_ptr<Output> make_output() { return std::make_unique<StandardOutput>(); }

std::unique_ptr<Interrupts> make_interrupts() { return std::make_unique<SignalInterrupts>(); }

}  // namespace pysvc
