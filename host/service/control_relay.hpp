// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/control.hpp"
#include "host/service/status.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace pysvc {

/// The control handler of a service name, for as long as the process lives. The SCM is given this and never a single
/// run of the service: it may still be inside a control of the last run while the next one registers. Each run lives as
/// long as somebody is inside it, and not longer.
class ControlRelay final : public ControlSink {
public:
    /// From now on controls go to `run`. After the handler was registered, before the first status: in between the SCM
    /// sends nothing that the last run, which has stopped, could not answer.
    void connect(std::shared_ptr<ControlSink> run) {
        const std::lock_guard lock(mutex_);
        run_.swap(run);
    }

    std::uint32_t on_control(ControlRecord record) noexcept override {
        std::shared_ptr<ControlSink> run;
        {
            const std::lock_guard lock(mutex_);
            run = run_;
        }
        return run ? run->on_control(std::move(record)) : win32::kServiceCannotAcceptControl;
    }

private:
    std::mutex mutex_;  // a leaf
    std::shared_ptr<ControlSink> run_;
};

}  // namespace pysvc
