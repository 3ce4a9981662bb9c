// SPDX-License-Identifier: MIT
#include "host/service/status.hpp"

namespace pysvc {

bool is_pending(State state) {
    return state == State::StartPending || state == State::StopPending || state == State::PausePending ||
           state == State::ContinuePending;
}

std::string_view name_of(State state) {
    switch (state) {
        case State::Stopped: return "STOPPED";
        case State::StartPending: return "START_PENDING";
        case State::StopPending: return "STOP_PENDING";
        case State::Running: return "RUNNING";
        case State::ContinuePending: return "CONTINUE_PENDING";
        case State::PausePending: return "PAUSE_PENDING";
        case State::Paused: return "PAUSED";
    }
    return "UNKNOWN";
}

bool is_legal_move(State from, State to) {
    if (from == State::Stopped) return false;
    if (from == to || to == State::StopPending || to == State::Stopped) return true;
    switch (from) {
        case State::StartPending: return to == State::Running;
        case State::Running: return to == State::PausePending || to == State::Paused;
        case State::PausePending: return to == State::Paused || to == State::Running;
        case State::Paused: return to == State::ContinuePending || to == State::Running;
        case State::ContinuePending: return to == State::Running || to == State::Paused;
        case State::StopPending:
        case State::Stopped: return false;
    }
    return false;
}

}  // namespace pysvc
