// SPDX-License-Identifier: MIT
#include "host/service/platform.hpp"

#include "host/windows/native_stack.hpp"
#include "host/windows/processes.hpp"
#include "host/windows/stacks.hpp"
#include "host/windows/win32.hpp"

#include <utility>

#include <fmt/format.h>

namespace pysvc {
namespace {

/// This process, on Windows.
class WindowsProcess final : public Process {
public:
    explicit WindowsProcess(std::function<std::string()> crash_log) : crash_log_(std::move(crash_log)) {}

    void terminate(std::uint32_t code) override {
        // ExitProcess would run DllMain of every extension under the loader lock, with threads cut off anywhere.
        TerminateProcess(GetCurrentProcess(), code);
    }

    std::string python_stacks() override { return win::python_stacks(crash_log_()); }

    ThreadId current_thread() override { return GetCurrentThreadId(); }

    std::string native_stack(ThreadId thread) override { return thread == 0 ? std::string() : win::native_stack(thread); }

    std::string children() override {
        std::string lines;
        for (const win::ProcessEntry& child : win::child_processes()) lines += fmt::format("{} {}\n", child.id, child.name);
        return lines;
    }

    void park_late_python_threads() override { win::park_late_python_threads(); }

    void flush_c_streams() override {
        // Python and its extensions write through ucrtbase; our own C library is another one.
        const HMODULE crt = GetModuleHandleW(L"ucrtbase.dll");
        if (crt == nullptr) return;
        if (const auto flush = win::exported<int (*)(void*)>(crt, "fflush")) flush(nullptr);
    }

private:
    std::function<std::string()> crash_log_;
};

}  // namespace

std::unique_ptr<Process> make_process(std::function<std::string()> crash_log) {
    return std::make_unique<WindowsProcess>(std::move(crash_log));
}

}  // namespace pysvc
