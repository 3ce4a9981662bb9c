// SPDX-License-Identifier: MIT
#include "tests/scm/harness/console.hpp"

#include "host/windows/win32.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

BOOL WINAPI ignore(DWORD) { return TRUE; }

}  // namespace

void provide_console() {
    static const bool done = [] {
        FreeConsole();
        const bool made = AllocConsole() != FALSE;
        SetConsoleCtrlHandler(ignore, TRUE);
        return made;
    }();
    ASSERT_TRUE(done) << "no console";
}

void press_ctrl_c() { ASSERT_TRUE(GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) << "error " << GetLastError(); }

}  // namespace pysvc::test
