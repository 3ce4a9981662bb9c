// SPDX-License-Identifier: MIT
#include "host/service/console_signals.hpp"

#include <cerrno>
#include <thread>
#include <utility>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace pysvc {
namespace {

// The self-pipe: the only thing a signal handler may do is write(). A blocked mask would be inherited by every child
// that Python starts, and they could not be interrupted any more.
int g_pipe[2] = {-1, -1};

extern "C" void on_signal(int number) {
    const int saved = errno;
    const auto byte = static_cast<unsigned char>(number);
    [[maybe_unused]] const ssize_t written = write(g_pipe[1], &byte, 1);
    errno = saved;
}

void handle(int number) {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(number, &action, nullptr);
}

/// nohup, and shells without job control, start programs with a signal ignored, and mean it.
void handle_unless_ignored(int number) {
    struct sigaction inherited {};
    if (sigaction(number, nullptr, &inherited) == 0 && inherited.sa_handler != SIG_IGN) handle(number);
}

ConsoleSignal meaning_of(unsigned char number) {
    if (number == SIGTSTP) return ConsoleSignal::Suspend;
    return number == SIGCONT ? ConsoleSignal::Continue : ConsoleSignal::Stop;
}

}  // namespace

void watch_console_signals(std::function<void(ConsoleSignal)> handler) {
    if (pipe2(g_pipe, O_CLOEXEC) != 0) return;
    handle(SIGINT);
    handle(SIGTERM);
    handle(SIGCONT);
    handle_unless_ignored(SIGHUP);
    handle_unless_ignored(SIGTSTP);
    // Without Python's own handlers a closed pipe would end the process.
    std::signal(SIGPIPE, SIG_IGN);
    std::thread([handler = std::move(handler)] {
        for (unsigned char number = 0;;) {
            const ssize_t got = read(g_pipe[0], &number, 1);
            if (got == 1) handler(meaning_of(number));
            if (got == 0) return;
        }
    }).detach();
}

void suspend_process() {
    // Not SIGSTOP: by default SIGTSTP does nothing in a process group that no shell could continue (POSIX, orphaned).
    std::signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    handle(SIGTSTP);
}

void ignore_console_logoff() {}

}  // namespace pysvc
