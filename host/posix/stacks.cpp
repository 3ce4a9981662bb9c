// SPDX-License-Identifier: MIT
#include "host/posix/stacks.hpp"

#include "host/base/text.hpp"

#include <pthread.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <system_error>

namespace pysvc::posix {
namespace {

constexpr std::size_t kTextLimit = 64 * 1024;
constexpr std::size_t kReadLimit = 1024 * 1024;  // faulthandler stops at 100 threads of 100 frames

bool is_handled(int signal_number) {
    struct sigaction action {};
    if (sigaction(signal_number, nullptr, &action) != 0) return false;
    if ((action.sa_flags & SA_SIGINFO) != 0) return action.sa_sigaction != nullptr;
    return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

/// A signal that a thread sends itself has been handled when the call returns, unless it is blocked there.
void raise_here(int signal_number) {
    sigset_t wanted;
    sigset_t former;
    sigemptyset(&wanted);
    sigaddset(&wanted, signal_number);
    pthread_sigmask(SIG_UNBLOCK, &wanted, &former);
    pthread_kill(pthread_self(), signal_number);
    pthread_sigmask(SIG_SETMASK, &former, nullptr);
}

}  // namespace

std::string python_stacks(const std::string& crash_log) {
    static std::mutex one_at_a_time;
    // Unhandled, SIGUSR2 would end the process.
    if (crash_log.empty() || !is_handled(SIGUSR2)) return {};
    const std::lock_guard lock(one_at_a_time);
    std::error_code error;
    const auto start = std::filesystem::file_size(crash_log, error);
    if (error) return {};
    raise_here(SIGUSR2);
    std::ifstream file(crash_log, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(start));
    std::string text(kReadLimit, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return cut_in_the_middle(text, kTextLimit);
}

void park_late_python_threads() {}

}  // namespace pysvc::posix
