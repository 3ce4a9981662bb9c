// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/user_code.hpp"

#include "servicemanager_module/interpreter/gil.hpp"

#include <algorithm>

namespace pysvc::py {

UserCode::UserCode(EngineState& state, void* service)
    : state_(state), service_(service), thread_(PyThread_get_thread_ident()) {
    state_.running.push_back({service_, thread_});
}

void UserCode::end() noexcept {
    if (ended_) return;
    ended_ = true;
    auto& running = state_.running;
    const auto ours = [&](const RunningCode& code) { return code.service == service_ && code.thread == thread_; };
    running.erase(std::remove_if(running.begin(), running.end(), ours), running.end());
    {
        const GilReleased released;
        state_.host->after_run(state_.host->host, service_);
    }
    // No Python code has run on this thread since the mark was taken away, so what was raised is still pending.
    PyThreadState_SetAsyncExc(thread_, nullptr);
}

std::int32_t raise_system_exit(void* service) noexcept {
    const GilHeld gil;
    for (const RunningCode& code : engine()->running) {
        if (code.service != service) continue;
        return PyThreadState_SetAsyncExc(code.thread, PyExc_SystemExit) == 1 ? 1 : 0;
    }
    return 0;
}

}  // namespace pysvc::py
