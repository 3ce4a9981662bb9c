// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/process.hpp"
#include "tests/fakes/trace.hpp"
#include "tests/fakes/waiting.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pysvc::fakes {

/// The host's own process: terminate is recorded and returns, so that the test goes on.
class FakeProcess final : public Process {
public:
    static constexpr const char* kStacks =
        "Thread 0x01 (most recent call first):\n  File \"svc.py\", line 7 in SvcDoRun";

    static constexpr ThreadId kThread = 77;

    explicit FakeProcess(Trace* trace = nullptr) : trace_(trace) {}

    void wait_for_end() {
        auto lock = monitor_.lock();
        monitor_.wait(lock, "the end of the process", [this] { return !codes_.empty(); });
    }
    [[nodiscard]] bool ended() const { return !codes().empty(); }
    /// The codes it was ended with. More than one: the first call would have been the end.
    [[nodiscard]] std::vector<std::uint32_t> codes() const {
        const auto lock = monitor_.lock();
        return codes_;
    }
    /// How often stacks were asked for.
    [[nodiscard]] std::size_t stacks() const {
        const auto lock = monitor_.lock();
        return stacks_;
    }

    void terminate(std::uint32_t code) override {
        if (trace_ != nullptr) trace_->add("terminate");
        {
            const auto lock = monitor_.lock();
            codes_.push_back(code);
        }
        monitor_.notify();
    }
    std::string python_stacks() override {
        const auto lock = monitor_.lock();
        ++stacks_;
        return kStacks;
    }
    ThreadId current_thread() override { return kThread; }
    std::string native_stack(ThreadId thread) override {
        return thread == kThread ? "ntdll.dll!NtWaitForSingleObject+0x14\npython313.dll+0x1234\n" : "another thread";
    }
    std::string children() override { return "4242 ffmpeg.exe\n"; }
    void park_late_python_threads() override {
        if (trace_ != nullptr) trace_->add("park late threads");
    }
    void flush_c_streams() override {
        if (trace_ != nullptr) trace_->add("flush C streams");
    }

private:
    Trace* trace_;
    Monitor monitor_;
    std::vector<std::uint32_t> codes_;
    std::size_t stacks_ = 0;
};

}  // namespace pysvc::fakes
