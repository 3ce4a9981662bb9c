// SPDX-License-Identifier: MIT
// Crashes stay crashes: no STOPPED, the exit code of what happened. What they leave, and what the next start says.
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kPreviousInstanceEnded = 0x80002049;

/// The ends of ucrtbase's abort(): exit code 3 under Wine, a fast-fail on Windows.
const std::vector<DWORD> kAborted{3, 0xC0000409};

/// Files of the crash folder with this extension.
std::vector<fs::path> crash_files(const TestService& service, const std::string& extension) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(service.folder() / "crashes", ignored)) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    return files;
}

/// Lets the running service of crashes.py crash; the exit code of its process.
DWORD crash(TestService& service) {
    service.start();
    const Process process = service.process();
    service.report().permit("crash");
    return process.wait_for_end();
}

/// The next start, of an ordinary class: it runs, stops, and told how the one before it ended.
void expect_told_at_next_start(TestService& service, const std::string& how) {
    service.set_class("framework.Service");
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(logged(service, kPreviousInstanceEnded, "warning", how));
    // An instance that stopped is no news to the one after it.
    EXPECT_FALSE(fs::exists(service.folder() / (service.name() + ".running")));
}

/// No STOPPED was sent: it is the last thing that a log has.
void expect_no_stopped(const TestService& service) { EXPECT_FALSE(service.log().contains("stopped, exit code")); }

void expect_dump(const TestService& service) {
    const std::vector<fs::path> dumps = crash_files(service, ".dmp");
    ASSERT_EQ(dumps.size(), 1U);
    std::ifstream file(dumps[0], std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(file), {});
    EXPECT_TRUE(content.starts_with("MDMP"));
    EXPECT_GT(content.size(), 1'000U);
}

/// Wine needs seconds for a minidump, hence the suite: it reads all its own libraries for their checksums.
void expect_crash_with_minidump(const std::string& how, const std::vector<DWORD>& codes, const std::string& told) {
    TestService service("crashes." + how);
    const DWORD code = crash(service);
    EXPECT_NE(std::ranges::find(codes, code), codes.end()) << code;
    expect_no_stopped(service);
    expect_dump(service);
    expect_told_at_next_start(service, told);
    EXPECT_TRUE(logged(service, kPreviousInstanceEnded, "warning", "minidump: "));
    EXPECT_TRUE(logged(service, kPreviousInstanceEnded, "warning", "(most recent call first)"));
    EXPECT_EQ(crash_files(service, ".txt").size(), 1U);
}

TEST(Slow, AccessViolationIsNoStopLeavesAMinidumpAndIsToldAtTheNextStart) {
    expect_crash_with_minidump("AccessViolation", {0xC0000005}, "it crashed: Windows fatal exception: access violation");
}

TEST(Slow, AbortIsNoStopLeavesAMinidumpAndIsToldAtTheNextStart) {
    expect_crash_with_minidump("Abort", kAborted, "it crashed: Fatal Python error: Aborted");
}

TEST(EndWithoutATrace, ByOsExitIsToldAtTheNextStart) {
    TestService service("crashes.Exit");
    EXPECT_EQ(crash(service), 3U);
    expect_no_stopped(service);
    EXPECT_TRUE(crash_files(service, ".dmp").empty());
    expect_told_at_next_start(service, "it was ended without a trace");
}

TEST(EndWithoutATrace, ByTerminateProcessIsToldAtTheNextStart) {
    TestService service("framework.Service");
    service.start();
    const Process process = service.process();
    const win::UniqueHandle handle(OpenProcess(PROCESS_TERMINATE, FALSE, process.id()));
    EXPECT_TRUE(TerminateProcess(handle.get(), 9));
    EXPECT_EQ(process.wait_for_end(), 9U);
    expect_no_stopped(service);
    expect_told_at_next_start(service, "it was ended without a trace");
}

TEST(CrashFiles, OfZeroIsNoMinidump) {
    TestService service("crashes.AccessViolation");
    service.set("CrashFiles", 0);
    EXPECT_EQ(crash(service), 0xC0000005);
    expect_told_at_next_start(service, "it crashed: Windows fatal exception: access violation");
    EXPECT_FALSE(fs::exists(service.folder() / "crashes"));
}

TEST(FatalErrorOfPython, IsACrash) {
    TestService service("crashes.FatalError");
    service.set("CrashFiles", 0);
    const DWORD code = crash(service);
    EXPECT_NE(std::ranges::find(kAborted, code), kAborted.end()) << code;
    expect_no_stopped(service);
    // Its text goes to stderr, which is the crash log on Windows and NUL under Wine.
    expect_told_at_next_start(service, "process ");
}

TEST(DeepRecursion, IsAnExceptionLikeOthers) {
    TestService service("crashes.DeepRecursion");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20000001));
    EXPECT_TRUE(logged(service, 0xC0000003, "error", "RecursionError"));
}

TEST(OutOfMemory, InPythonIsAnExceptionLikeOthers) {
    TestService service("crashes.OutOfMemory");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20000001));
    EXPECT_TRUE(logged(service, 0xC0000003, "error", "MemoryError"));
}

}  // namespace
}  // namespace pysvc::test
