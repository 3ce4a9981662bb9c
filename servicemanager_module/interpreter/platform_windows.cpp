// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/platform.hpp"

#include "servicemanager_module/interpreter/late_import.hpp"

#include <windows.h>

#include <objbase.h>

#include <atomic>

namespace pysvc::py {
namespace {

/// faulthandler's handler runs on the thread that overflowed, so do the exception dispatcher and the filter that has the
/// minidump written. Otherwise it is one page or two.
constexpr ULONG kCrashStack = 64 * 1024;

std::atomic<bool> stacks_reserved{false};

void reserve_stack() noexcept {
    ULONG bytes = kCrashStack;
    SetThreadStackGuarantee(&bytes);
}

}  // namespace

void reserve_stacks_for_crashes() noexcept {
    reserve_stack();
    stacks_reserved = true;
}

void* late_function(const wchar_t* library, const char* name) noexcept {
    const HMODULE module = LoadLibraryExW(library, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (module == nullptr) return nullptr;
    return reinterpret_cast<void*>(GetProcAddress(module, name));
}

// Important: noexcept is safe here. On Windows CPython leaves with _endthreadex, which unwinds nothing.
void restore_thread_or_park(PyThreadState* state) noexcept { PyEval_RestoreThread(state); }

int stack_dump_signal() noexcept { return 0; }

std::int32_t co_initialize(std::uint32_t flags) noexcept {
    const auto initialize = imported_late<decltype(&CoInitializeEx)>(L"ole32.dll", "CoInitializeEx");
    return initialize != nullptr ? initialize(nullptr, flags) : HRESULT_FROM_WIN32(GetLastError());
}

void co_uninitialize() noexcept {
    const auto uninitialize = imported_late<decltype(&CoUninitialize)>(L"ole32.dll", "CoUninitialize");
    if (uninitialize != nullptr) uninitialize();
}

bool pump_waiting_messages() noexcept {
    const auto peek = imported_late<decltype(&PeekMessageW)>(L"user32.dll", "PeekMessageW");
    const auto dispatch = imported_late<decltype(&DispatchMessageW)>(L"user32.dll", "DispatchMessageW");
    if (peek == nullptr || dispatch == nullptr) return false;
    bool quit = false;
    MSG message{};
    while (peek(&message, nullptr, 0, 0, PM_REMOVE)) {
        // PeekMessage hands WM_QUIT out once; like pywin32 we only tell the caller and go on with the rest.
        if (message.message == WM_QUIT) quit = true;
        dispatch(&message);
    }
    return quit;
}

}  // namespace pysvc::py

/// Every thread of the process comes by here, also those that extension modules make.
extern "C" BOOL WINAPI DllMain(HINSTANCE, DWORD reason, void*) {
    if (reason == DLL_THREAD_ATTACH && pysvc::py::stacks_reserved) pysvc::py::reserve_stack();
    return TRUE;
}
