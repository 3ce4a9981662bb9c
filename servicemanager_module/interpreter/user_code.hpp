// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"

#include <cstdint>

namespace pysvc::py {

/// Marks the calling thread as running code of `service`, for raise_system_exit. Made, ended and destroyed under the
/// GIL, on that thread.
class UserCode {
public:
    UserCode(EngineState& state, void* service);
    ~UserCode() { end(); }
    UserCode(const UserCode&) = delete;
    UserCode& operator=(const UserCode&) = delete;

    /// Takes the mark away, waits for a helper thread of the host that is about to raise SystemExit here, and clears an
    /// exception that was raised but not delivered: delivered later it would break threading._shutdown. Gives the GIL
    /// away meanwhile. Idempotent.
    void end() noexcept;

private:
    EngineState& state_;
    void* service_;
    unsigned long thread_;
    bool ended_ = false;
};

/// pysvc_engine_api::raise_system_exit.
std::int32_t raise_system_exit(void* service) noexcept;

}  // namespace pysvc::py
