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

extern "C" void on_signal(int) {
    const int saved = errno;
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = write(g_pipe[1], &byte, 1);
    errno = saved;
}

}  // namespace

void watch_console_signals(std::function<void(int)> handler) {
    if (pipe2(g_pipe, O_CLOEXEC) != 0) return;
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    // Without Python's own handlers a closed pipe would end the process.
    std::signal(SIGPIPE, SIG_IGN);
    std::thread([handler = std::move(handler)] {
        char byte = 0;
        for (int count = 1;;) {
            const ssize_t got = read(g_pipe[0], &byte, 1);
            if (got == 1) handler(count++);
            if (got == 0) return;
        }
    }).detach();
}

void ignore_console_logoff() {}

}  // namespace pysvc
