// SPDX-License-Identifier: MIT
// Debug mode as people use it on Linux: a program in a terminal, and the signals a terminal sends.
#include "tests/cli/debugged_program.hpp"
#include "tests/cli/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <string>

namespace pysvc {
namespace {

using cli_tests::DebuggedProgram;
using cli_tests::TemporaryFolder;

constexpr const char* kWaits =
    "from pythonservice import Service\n"
    "class Waits(Service):\n"
    "    def run(self): self.stopping.wait()\n";

constexpr const char* kPauses =
    "from pythonservice import Service\n"
    "class Waits(Service):\n"
    "    def pause(self): print('pause', flush=True)\n"
    "    def resume(self): print('resume', flush=True)\n"
    "    def run(self): self.stopping.wait()\n";

class DebugSignals : public testing::Test {
protected:
    TemporaryFolder folder_;
};

TEST_F(DebugSignals, InterruptTerminateAndHangupStop) {
    const std::string script = folder_.file("waits.py", kWaits);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        DebuggedProgram program(script);
        ASSERT_TRUE(program.prints("Waits: RUNNING\n")) << program.text();
        program.send(number);
        EXPECT_EQ(program.exit_code(), 0) << strsignal(number) << ": " << program.text();
        EXPECT_TRUE(program.prints("Waits: STOP_PENDING\nWaits: STOPPED\n")) << program.text();
    }
}

TEST_F(DebugSignals, StopReachesACoroutine) {
    const std::string script = folder_.file("sleeps.py",
                                            "import asyncio\n"
                                            "from pythonservice import Service\n"
                                            "class Sleeps(Service):\n"
                                            "    async def run(self):\n"
                                            "        try:\n"
                                            "            await asyncio.sleep(600)\n"
                                            "        finally:\n"
                                            "            print('cleaned up')\n");
    DebuggedProgram program(script);
    ASSERT_TRUE(program.prints("Sleeps: RUNNING\n")) << program.text();
    program.send(SIGINT);
    EXPECT_EQ(program.exit_code(), 0) << program.text();
    EXPECT_TRUE(program.prints("cleaned up")) << program.text();
}

TEST_F(DebugSignals, ASecondInterruptEndsTheProcessWithStacks) {
    const std::string script = folder_.file("hangs.py",
                                            "import time\n"
                                            "from pythonservice import Service\n"
                                            "class Hangs(Service):\n"
                                            "    def run(self):\n"
                                            "        print('hanging', flush=True)\n"
                                            "        while True: time.sleep(600)\n");
    DebuggedProgram program(script);
    ASSERT_TRUE(program.prints("hanging\n")) << program.text();
    program.send(SIGINT);
    ASSERT_TRUE(program.prints("Hangs: STOP_PENDING\n")) << program.text();
    program.send(SIGINT);
    EXPECT_EQ(program.exit_code(), 1) << program.text();
    EXPECT_TRUE(program.prints("ended by a second Ctrl+C")) << program.text();
    EXPECT_TRUE(program.prints("hangs.py\", line 6 in run")) << program.text();
}

TEST_F(DebugSignals, CtrlZPausesTheServiceAndThenSuspendsTheProcess) {
    DebuggedProgram program(folder_.file("waits.py", kPauses));
    ASSERT_TRUE(program.prints("Waits: RUNNING\n")) << program.text();
    for (int round = 0; round < 2; ++round) {
        program.send(SIGTSTP);
        ASSERT_TRUE(program.is_suspended());
        ASSERT_TRUE(program.prints("pause\nWaits: PAUSED\n")) << program.text();
        program.send(SIGCONT);
        ASSERT_TRUE(program.prints("resume\nWaits: RUNNING\n")) << program.text();
    }
    program.send(SIGINT);
    EXPECT_EQ(program.exit_code(), 0) << program.text();
}

TEST_F(DebugSignals, CtrlZSuspendsTheProcessOfAServiceThatCannotPause) {
    DebuggedProgram program(folder_.file("waits.py", kWaits));
    ASSERT_TRUE(program.prints("Waits: RUNNING\n")) << program.text();
    for (int round = 0; round < 2; ++round) {
        program.send(SIGTSTP);
        ASSERT_TRUE(program.is_suspended());
        program.send(SIGCONT);
    }
    program.send(SIGINT);
    EXPECT_EQ(program.exit_code(), 0) << program.text();
    EXPECT_EQ(program.text().find("PAUSE"), std::string::npos) << program.text();
}

TEST_F(DebugSignals, AClassOnPywin32sFrameworkIsPausedAndContinuedToo) {
    const std::string script = folder_.file("framework.py",
                                            "import win32event, win32service, win32serviceutil\n"
                                            "class Old(win32serviceutil.ServiceFramework):\n"
                                            "    _svc_name_ = _svc_display_name_ = 'Old'\n"
                                            "    def __init__(self, args):\n"
                                            "        super().__init__(args)\n"
                                            "        self.stop = win32event.CreateEvent(None, 0, 0, None)\n"
                                            "    def SvcStop(self): win32event.SetEvent(self.stop)\n"
                                            "    def SvcPause(self): self.ReportServiceStatus(win32service.SERVICE_PAUSED)\n"
                                            "    def SvcContinue(self): self.ReportServiceStatus(win32service.SERVICE_RUNNING)\n"
                                            "    def SvcDoRun(self):\n"
                                            "        print('working', flush=True)\n"
                                            "        win32event.WaitForSingleObject(self.stop, win32event.INFINITE)\n");
    DebuggedProgram program(script);
    ASSERT_TRUE(program.prints("working\n")) << program.text();
    program.send(SIGTSTP);
    ASSERT_TRUE(program.is_suspended());
    ASSERT_TRUE(program.prints("Old: PAUSED\n")) << program.text();
    program.send(SIGCONT);
    ASSERT_TRUE(program.prints("Old: RUNNING\n")) << program.text();
    program.send(SIGTERM);
    EXPECT_EQ(program.exit_code(), 0) << program.text();
}

TEST_F(DebugSignals, APauseThatFailsLeavesTheServiceRunning) {
    const std::string script = folder_.file("refuses.py",
                                            "from pythonservice import Service\n"
                                            "class Refuses(Service):\n"
                                            "    def pause(self): raise OSError('not now')\n"
                                            "    def run(self): self.stopping.wait()\n");
    DebuggedProgram program(script);
    ASSERT_TRUE(program.prints("Refuses: RUNNING\n")) << program.text();
    program.send(SIGTSTP);
    ASSERT_TRUE(program.prints("not now")) << program.text();
    ASSERT_TRUE(program.prints("Refuses: RUNNING\n")) << program.text();
    program.send(SIGTERM);
    EXPECT_EQ(program.exit_code(), 0) << program.text();
}

TEST_F(DebugSignals, UnderNohupAHangupMeansNothing) {
    DebuggedProgram program(folder_.file("waits.py", kPauses), {}, {SIGHUP, SIGTSTP});
    ASSERT_TRUE(program.prints("Waits: RUNNING\n")) << program.text();
    program.send(SIGHUP);
    program.send(SIGTSTP);
    program.send(SIGINT);
    // A stop that follows another one would have ended it with 1.
    EXPECT_EQ(program.exit_code(), 0) << program.text();
    EXPECT_EQ(program.text().find("PAUSE"), std::string::npos) << program.text();
}

}  // namespace
}  // namespace pysvc
