// SPDX-License-Identifier: MIT
#include "host/windows/native_stack.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>
#include <thread>

namespace pysvc::win {
namespace {

constexpr std::size_t kFrames = 32;
/// For each of the two steps of the helper: walking, and finding names.
constexpr DWORD kPatience = 500;
/// An export further away names some other function.
constexpr DWORD kFarAway = 0x10000;

UniqueHandle make_event() { return UniqueHandle(CreateEventW(nullptr, TRUE, FALSE, nullptr)); }

/// What the watchdog and its helper share. The helper may be late for ever, so it owns this too.
///
/// Important: while the thread is suspended it may hold any lock of the process: the heap's, the loader's, that of the
/// table of functions. Until it is resumed the watchdog makes system calls only, and the helper, which may run into the
/// last of these locks, is not waited for without a limit.
struct Walk {
    UniqueHandle thread;
    UniqueHandle ready = make_event();  ///< the helper runs: its start needed the loader's lock
    UniqueHandle go = make_event();     ///< the thread is suspended, `context` holds its registers
    UniqueHandle walked = make_event();
    UniqueHandle resumed = make_event();
    UniqueHandle finished = make_event();
    std::atomic<bool> given_up{false};

    CONTEXT context{};
    std::uintptr_t stack_begin = 0;
    std::uintptr_t stack_end = 0;
    std::array<std::uintptr_t, kFrames> frames{};
    std::size_t count = 0;
    std::string text;

    [[nodiscard]] bool usable() const { return thread && ready && go && walked && resumed && finished; }
};

/// Whether `size` bytes at `address` are of the stack that is walked: unwinding a damaged one reads anywhere.
bool on_stack(const Walk& walk, std::uintptr_t address, std::size_t size) {
    return address >= walk.stack_begin && address <= walk.stack_end && walk.stack_end - address >= size;
}

void walk_stack(Walk& walk) {
    CONTEXT context = walk.context;
    while (walk.count < kFrames && context.Rip != 0) {
        walk.frames[walk.count++] = context.Rip;
        if (!on_stack(walk, context.Rsp, sizeof(DWORD64))) return;
        const DWORD64 before = context.Rsp;
        DWORD64 image = 0;
        RUNTIME_FUNCTION* function = RtlLookupFunctionEntry(context.Rip, &image, nullptr);
        // It may have waited for a lock of the thread, which has been resumed meanwhile.
        if (walk.given_up) return;
        if (function == nullptr) {
            // A leaf: it has changed no register, its return address is on top (x64 software conventions, unwinding).
            context.Rip = *reinterpret_cast<const DWORD64*>(context.Rsp);
            context.Rsp += sizeof(DWORD64);
        } else {
            void* data = nullptr;
            DWORD64 frame = 0;
            RtlVirtualUnwind(UNW_FLAG_NHANDLER, image, context.Rip, function, &context, &data, &frame, nullptr);
        }
        if (context.Rsp <= before) return;
    }
}

void help(Walk& walk) {
    SetEvent(walk.ready.get());
    WaitForSingleObject(walk.go.get(), INFINITE);
    if (walk.context.Rip != 0) walk_stack(walk);
    SetEvent(walk.walked.get());
    WaitForSingleObject(walk.resumed.get(), INFINITE);
    for (std::size_t i = 0; i < walk.count; ++i) walk.text += symbol_of(walk.frames[i]) + "\n";
    SetEvent(walk.finished.get());
}

/// Suspends the thread, lets the helper walk, resumes it. False: the helper was not done in time.
bool walk_suspended(Walk& walk) {
    if (SuspendThread(walk.thread.get()) == static_cast<DWORD>(-1)) {
        SetEvent(walk.go.get());
        return true;
    }
    walk.context.ContextFlags = CONTEXT_FULL;
    MEMORY_BASIC_INFORMATION stack{};
    // Not before this call has returned is the thread really suspended (MSDN, SuspendThread).
    if (!GetThreadContext(walk.thread.get(), &walk.context) ||
        VirtualQuery(reinterpret_cast<const void*>(walk.context.Rsp), &stack, sizeof stack) == 0) {
        walk.context.Rip = 0;
    }
    walk.stack_begin = reinterpret_cast<std::uintptr_t>(stack.BaseAddress);
    walk.stack_end = walk.stack_begin + stack.RegionSize;
    SetEvent(walk.go.get());
    const bool walked = WaitForSingleObject(walk.walked.get(), kPatience) == WAIT_OBJECT_0;
    if (!walked) walk.given_up = true;
    ResumeThread(walk.thread.get());
    return walked;
}

std::string name_of_module(HMODULE module) {
    std::wstring path(32'768, L'\0');
    path.resize(GetModuleFileNameW(module, path.data(), static_cast<DWORD>(path.size())));
    return narrow(path.substr(path.find_last_of(L'\\') + 1));
}

/// The export before `rva` in the directory of a loaded image.
std::string nearest_export(const std::byte* image, DWORD rva) {
    const auto* dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(image);
    const auto* headers = reinterpret_cast<const IMAGE_NT_HEADERS*>(image + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY& entry = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    if (entry.VirtualAddress == 0) return {};
    const auto* exports = reinterpret_cast<const IMAGE_EXPORT_DIRECTORY*>(image + entry.VirtualAddress);
    const auto* functions = reinterpret_cast<const DWORD*>(image + exports->AddressOfFunctions);
    const auto* names = reinterpret_cast<const DWORD*>(image + exports->AddressOfNames);
    const auto* ordinals = reinterpret_cast<const WORD*>(image + exports->AddressOfNameOrdinals);
    const char* nearest = nullptr;
    DWORD distance = kFarAway;
    for (DWORD i = 0; i < exports->NumberOfNames; ++i) {
        const DWORD function = functions[ordinals[i]];
        // One inside the directory is the text of a forwarder.
        const bool forwarder = function - entry.VirtualAddress < entry.Size;
        if (forwarder || function > rva || rva - function >= distance) continue;
        distance = rva - function;
        nearest = reinterpret_cast<const char*>(image + names[i]);
    }
    return nearest == nullptr ? std::string() : fmt::format("{}+{:#x}", nearest, distance);
}

}  // namespace

std::string symbol_of(std::uintptr_t address) {
    UniqueModule module;
    // Counted, so that the image stays for as long as it is read.
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, reinterpret_cast<const wchar_t*>(address),
                            module.put())) {
        return fmt::format("{:#x}", address);
    }
    const auto* image = reinterpret_cast<const std::byte*>(module.get());
    const auto rva = static_cast<DWORD>(address - reinterpret_cast<std::uintptr_t>(image));
    const std::string symbol = nearest_export(image, rva);
    return name_of_module(module.get()) + (symbol.empty() ? fmt::format("+{:#x}", rva) : "!" + symbol);
}

std::string native_stack(DWORD thread_id) {
    const auto walk = std::make_shared<Walk>();
    walk->thread.reset(OpenThread(THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT, FALSE, thread_id));
    if (!walk->usable()) return fmt::format("not to be had: system error {}", GetLastError());
    try {
        std::thread([walk] { help(*walk); }).detach();
    } catch (const std::system_error& error) {
        return fmt::format("not to be had: {}", error.what());
    }
    if (WaitForSingleObject(walk->ready.get(), kPatience) != WAIT_OBJECT_0) {
        walk->context.Rip = 0;
        SetEvent(walk->go.get());
        SetEvent(walk->resumed.get());
        return "not to be had: a new thread does not start, the loader's lock is held";
    }
    const bool walked = walk_suspended(*walk);
    SetEvent(walk->resumed.get());
    if (!walked) return "not to be had: the thread holds a lock that is needed to walk its stack";
    if (WaitForSingleObject(walk->finished.get(), kPatience) != WAIT_OBJECT_0) {
        return "not to be had: the loader's lock is held";
    }
    return walk->text.empty() ? "not to be had: the thread cannot be suspended" : walk->text;
}

}  // namespace pysvc::win
