// SPDX-License-Identifier: MIT
#include "host/windows/stacks.hpp"

#include "host/base/text.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

namespace pysvc::win {
namespace {

// An application's own code (bit 29) with the severity of an error: faulthandler passes over codes without bit 31
// (Modules/faulthandler.c, faulthandler_exc_handler).
constexpr DWORD kStacksPlease = 0xE0505953;

constexpr std::size_t kTextLimit = 64 * 1024;
constexpr std::size_t kReadLimit = 1024 * 1024;  // faulthandler stops at 100 threads of 100 frames

// Exception handlers get no context: what they need is here. Written once, before the handlers are installed.
std::atomic<bool> stacks_enabled{false};
std::atomic<std::uintptr_t> python_begin{0};
std::atomic<std::uintptr_t> python_end{0};
std::atomic<DWORD> py_main{0};
std::mutex stacks_mutex;

/// After faulthandler has written, the thread goes on as if nothing had happened.
LONG CALLBACK resume_after_stacks(EXCEPTION_POINTERS* exception) {
    return exception->ExceptionRecord->ExceptionCode == kStacksPlease ? EXCEPTION_CONTINUE_EXECUTION
                                                                      : EXCEPTION_CONTINUE_SEARCH;
}

LONG CALLBACK park_in_python(EXCEPTION_POINTERS* exception) {
    const EXCEPTION_RECORD& record = *exception->ExceptionRecord;
    const auto address = reinterpret_cast<std::uintptr_t>(record.ExceptionAddress);
    // A crash of py-main itself stays a crash.
    if (record.ExceptionCode == EXCEPTION_ACCESS_VIOLATION && address >= python_begin && address < python_end &&
        GetCurrentThreadId() != py_main) {
        for (;;) Sleep(INFINITE);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

UniqueHandle open_shared(const std::string& path) {
    return UniqueHandle(CreateFileW(widen(path).c_str(), GENERIC_READ,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                    FILE_ATTRIBUTE_NORMAL, nullptr));
}

std::optional<LARGE_INTEGER> size_of(HANDLE file) {
    LARGE_INTEGER size{};
    if (!GetFileSizeEx(file, &size)) return std::nullopt;
    return size;
}

std::string read_from(HANDLE file, LARGE_INTEGER start) {
    if (!SetFilePointerEx(file, start, nullptr, FILE_BEGIN)) return {};
    std::string text;
    char block[4096];
    DWORD got = 0;
    while (text.size() < kReadLimit && ReadFile(file, block, sizeof block, &got, nullptr) && got != 0) {
        text.append(block, got);
    }
    return text;
}

/// Without what is only true of a crash: faulthandler's headline, which calls our request a fatal exception, and (3.14)
/// the C stack of the thread that asked. Without carriage returns.
std::string only_python_stacks(std::string text) {
    std::erase(text, '\r');
    if (text.starts_with("Windows fatal exception")) text.erase(0, std::min(text.find('\n'), text.size()));
    text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
    if (const std::size_t c_stack = text.find("\nCurrent thread's C stack"); c_stack != std::string::npos) {
        text.erase(c_stack);
    }
    return text;
}

}  // namespace

void enable_python_stacks(HMODULE python) {
    const auto* image = reinterpret_cast<const std::byte*>(python);
    const auto* dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(image);
    const auto* headers = reinterpret_cast<const IMAGE_NT_HEADERS*>(image + dos->e_lfanew);
    python_begin = reinterpret_cast<std::uintptr_t>(image);
    python_end = python_begin + headers->OptionalHeader.SizeOfImage;
    py_main = GetCurrentThreadId();
    // 0 = last: faulthandler installs its own as the first and returns "search on".
    if (AddVectoredExceptionHandler(0, resume_after_stacks) != nullptr) stacks_enabled = true;
}

std::string python_stacks(const std::string& crash_log) {
    if (!stacks_enabled || crash_log.empty()) return {};
    const std::lock_guard lock(stacks_mutex);
    const UniqueHandle file = open_shared(crash_log);
    if (!file) return {};
    const auto start = size_of(file.get());
    if (!start) return {};
    RaiseException(kStacksPlease, 0, 0, nullptr);
    return cut_in_the_middle(only_python_stacks(read_from(file.get(), *start)), kTextLimit);
}

void park_late_python_threads() {
    if (python_end != 0) AddVectoredExceptionHandler(1, park_in_python);
}

}  // namespace pysvc::win
