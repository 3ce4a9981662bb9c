// SPDX-License-Identifier: MIT
#include "host/windows/process.hpp"

#include "host/windows/stacks.hpp"
#include "host/windows/win32.hpp"

namespace pysvc::win {

void WindowsProcess::terminate(std::uint32_t code) {
    // ExitProcess would run DllMain of every extension under the loader lock, with threads cut off anywhere.
    TerminateProcess(GetCurrentProcess(), code);
}

std::string WindowsProcess::python_stacks() { return win::python_stacks(crash_log_()); }

void WindowsProcess::park_late_python_threads() { win::park_late_python_threads(); }

void WindowsProcess::flush_c_streams() {
    // Python and its extensions write through ucrtbase; our own C library is another one.
    const HMODULE crt = GetModuleHandleW(L"ucrtbase.dll");
    if (crt == nullptr) return;
    if (const auto flush = exported<int (*)(void*)>(crt, "fflush")) flush(nullptr);
}

}  // namespace pysvc::win
