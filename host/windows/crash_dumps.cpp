// SPDX-License-Identifier: MIT
#include "host/windows/crash_dumps.hpp"

#include "host/windows/win32.hpp"

#include <dbghelp.h>

#include <atomic>
#include <csignal>

namespace pysvc::win {
namespace {

/// How long a crashed thread waits for the dump. In a process that crashed the writer may wait for a lock whose owner is
/// gone; the process has to end all the same.
constexpr DWORD kPatience = 10'000;

/// Of the thread that writes; MiniDumpWriteDump keeps its buffers on the heap.
constexpr SIZE_T kWriterStack = 512 * 1024;

// Handlers of crashes get no context: what they need is here. Written once, before the handlers are installed.
struct CrashDumps {
    std::wstring folder;
    std::wstring service;
    UniqueHandle wanted;
    UniqueHandle written;
    DWORD writer = 0;
    LPTOP_LEVEL_EXCEPTION_FILTER former = nullptr;
    bool ready = false;
    std::atomic<bool> taken{false};
    EXCEPTION_POINTERS* exception = nullptr;
    DWORD thread = 0;
};
CrashDumps* dumps = nullptr;

std::wstring file_now() {
    SYSTEMTIME now{};
    GetSystemTime(&now);
    wchar_t name[64];
    swprintf(name, std::size(name), L"-%04u%02u%02uT%02u%02u%02uZ-%lu.dmp", now.wYear, now.wMonth, now.wDay, now.wHour,
             now.wMinute, now.wSecond, GetCurrentProcessId());
    return dumps->folder + L'\\' + dumps->service + name;
}

void write() {
    // Not before it is needed: it would cost every start its time and every process its memory.
    const HMODULE library = LoadLibraryExW(L"dbghelp.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (library == nullptr) return;
    const auto write_dump = exported<decltype(&MiniDumpWriteDump)>(library, "MiniDumpWriteDump");
    if (write_dump == nullptr) return;
    CreateDirectoryW(dumps->folder.c_str(), nullptr);
    const UniqueHandle file(CreateFileW(file_now().c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW,
                                        FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file) return;
    // Stacks, what they point to, modules and the times of threads: some MB at most. The whole memory would be what the
    // service knows, passwords included.
    constexpr auto kContents = static_cast<MINIDUMP_TYPE>(MiniDumpNormal | MiniDumpWithIndirectlyReferencedMemory |
                                                          MiniDumpWithThreadInfo | MiniDumpWithUnloadedModules);
    MINIDUMP_EXCEPTION_INFORMATION exception{dumps->thread, dumps->exception, FALSE};
    write_dump(GetCurrentProcess(), GetCurrentProcessId(), file.get(), kContents, &exception, nullptr, nullptr);
}

/// MSDN advises another thread: a stack that overflowed has no room for it.
DWORD WINAPI write_when_wanted(void*) {
    WaitForSingleObject(dumps->wanted.get(), INFINITE);
    write();
    SetEvent(dumps->written.get());
    return 0;
}

/// On the thread that crashed: little stack, no heap, no locks.
void have_written(EXCEPTION_POINTERS* exception) {
    if (GetCurrentThreadId() == dumps->writer) return;
    // Of two threads that crash at the same time the second waits for the dump of the first, which shows both.
    if (!dumps->taken.exchange(true)) {
        dumps->exception = exception;
        dumps->thread = GetCurrentThreadId();
        SetEvent(dumps->wanted.get());
    }
    WaitForSingleObject(dumps->written.get(), kPatience);
}

LONG WINAPI on_crash(EXCEPTION_POINTERS* exception) {
    have_written(exception);
    return dumps->former != nullptr ? dumps->former(exception) : EXCEPTION_CONTINUE_SEARCH;
}

/// abort() raises no exception that a filter sees. It ends the process when this returns.
void __cdecl on_abort(int) {
    CONTEXT context{};
    RtlCaptureContext(&context);
    EXCEPTION_RECORD record{};
    record.ExceptionCode = static_cast<DWORD>(STATUS_FATAL_APP_EXIT);
    record.ExceptionFlags = EXCEPTION_NONCONTINUABLE;
    EXCEPTION_POINTERS exception{&record, &context};
    have_written(&exception);
}

}  // namespace

void enable_crash_dumps(const std::wstring& folder, const std::wstring& service) {
    // Never destroyed: a crash may come at any time.
    dumps = new CrashDumps;
    dumps->folder = folder;
    dumps->service = service;
    dumps->wanted.reset(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    dumps->written.reset(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!dumps->wanted || !dumps->written) return;
    const UniqueHandle writer(CreateThread(nullptr, kWriterStack, write_when_wanted, nullptr,
                                           STACK_SIZE_PARAM_IS_A_RESERVATION, &dumps->writer));
    // Without the thread nobody would set `written`.
    if (!writer) return;
    dumps->former = SetUnhandledExceptionFilter(on_crash);
    std::signal(SIGABRT, on_abort);
    dumps->ready = true;
}

void watch_aborts_of_python() {
    using Handler = void(__cdecl*)(int);
    if (dumps == nullptr || !dumps->ready) return;
    const HMODULE ucrt = GetModuleHandleW(L"ucrtbase.dll");
    if (ucrt == nullptr) return;
    if (const auto set = exported<Handler(__cdecl*)(int, Handler)>(ucrt, "signal")) set(SIGABRT, on_abort);
}

}  // namespace pysvc::win
