// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/main_thread.hpp"

#include <pthread.h>

#include <csignal>

namespace pysvc::py {
namespace {

/// Ignored by default, so that nobody misses it.
constexpr int kWakeSignal = SIGURG;

extern "C" void only_interrupt(int) {}

}  // namespace

void wake_main_thread(unsigned long ident) noexcept {
    // Without SA_RESTART: the call returns EINTR, and CPython looks for signals before it goes on (PEP 475).
    struct sigaction action {};
    action.sa_handler = only_interrupt;
    sigaction(kWakeSignal, &action, nullptr);
    pthread_kill(static_cast<pthread_t>(ident), kWakeSignal);
}

struct KeptSignalHandler::Former {
    int signal;
    struct sigaction action;
};

KeptSignalHandler::KeptSignalHandler(int signal) noexcept : former_(new Former{signal, {}}) {
    if (sigaction(signal, nullptr, &former_->action) != 0) former_.reset();
}

KeptSignalHandler::~KeptSignalHandler() {
    if (former_) sigaction(former_->signal, &former_->action, nullptr);
}

}  // namespace pysvc::py
