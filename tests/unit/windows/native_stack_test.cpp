// SPDX-License-Identifier: MIT
#include "host/windows/native_stack.hpp"

#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace pysvc::win {
namespace {

TEST(NativeStack, OfAThreadThatWaitsEndsInTheSystemAndItGoesOn) {
    const UniqueHandle go_on(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    std::atomic<DWORD> id{0};
    std::thread waiting([&] {
        id = GetCurrentThreadId();
        WaitForSingleObject(go_on.get(), INFINITE);
    });
    // Whether it waits already or still starts: its stack ends in a DLL of the system.
    while (id == 0) std::this_thread::yield();
    for (int i = 0; i < 20; ++i) {
        const std::string stack = native_stack(id);
        EXPECT_NE(stack.find(".dll!"), std::string::npos) << stack;
        EXPECT_EQ(stack.find("not to be had"), std::string::npos) << stack;
    }
    SetEvent(go_on.get());
    waiting.join();
}

TEST(NativeStack, OfAThreadThatIsGoneSaysSo) {
    DWORD id = 0;
    std::thread([&] { id = GetCurrentThreadId(); }).join();
    // Its number may have been given to another thread meanwhile, but not in this process.
    EXPECT_NE(native_stack(id).find("not to be had"), std::string::npos);
}

TEST(NativeStack, NamesTheExportAnAddressIsIn) {
    const auto address = reinterpret_cast<std::uintptr_t>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtClose"));
    EXPECT_EQ(symbol_of(address + 3), "ntdll.dll!NtClose+0x3");
}

TEST(NativeStack, NamesTheImageWhereItHasNoExports) {
    const auto image = reinterpret_cast<std::uintptr_t>(GetModuleHandleW(nullptr));
    EXPECT_EQ(symbol_of(image + 0x1234), "unit_tests.exe+0x1234");
}

TEST(NativeStack, WritesAnAddressOutsideOfImagesAsItIs) { EXPECT_EQ(symbol_of(0x10), "0x10"); }

}  // namespace
}  // namespace pysvc::win
