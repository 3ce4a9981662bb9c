// SPDX-License-Identifier: MIT
#include "tests/python/engine_fixture.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace pysvc::test {
namespace {

TEST(EngineStreams, MakeLinesOfPrint) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "print('one')\n"
            "print('two', 'three', end='')\n"
            "print(' four\\nfive\\r\\n\\nsix \\u20ac \\udc80')\n"
            "sys.stdout.buffer.write(b'raw \\xff\\n')\n"
            "sys.stderr.write('error\\n')\n"
            "print('partial', end='')");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output),
                  "one\ntwo three four\nfive\n\nsix \xE2\x82\xAC \\udc80\nraw \xEF\xBF\xBD");
        EXPECT_EQ(joined(session.host.errors), "error");
        EXPECT_EQ(session.finalize(), 0);
        EXPECT_EQ(session.host.output.back(), "partial");
    });
}

TEST(EngineStreams, LookLikeStreams) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import os, subprocess, faulthandler, logging\n"
            "for s in (sys.stdout, sys.stderr):\n"
            "    print(s.fileno(), s.isatty(), s.encoding, s.errors, s.writable(), s.readable(), s.name, s.mode,\n"
            "          s.line_buffering, s.buffer.writable())\n"
            "print(sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__)\n"
            "sys.stdout.reconfigure(errors='replace')\n"
            "print('\\udc80')\n"
            "print(subprocess.run([sys.executable, '-c', 'pass'], stdout=sys.stdout).returncode)\n"
            "print(sys.stdout.buffer.write(bytearray(b'')), sys.stdout.write('abc\\n'))\n"
            "logging.warning('logged')\n"
            "faulthandler.enable()\n"
            "try: sys.stdout.buffer.write('text')\n"
            "except TypeError as e: print('TypeError')");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output),
                  "1 False utf-8 backslashreplace True False <stdout> w True True\n"
                  "2 False utf-8 backslashreplace True False <stderr> w True True\n"
                  "True True\n?\n0\nabc\n0 4\nTypeError");
        EXPECT_EQ(joined(session.host.errors), "WARNING:root:logged");
    });
}

TEST(EngineStreams, CatchWhatPthFilesPrint) {
    in_child([] {
        Session session;
        // A venv whose site-packages holds a .pth file: the first user code of a process.
        session.file("venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n");
        std::filesystem::create_directories(session.folder / "venv/bin");
        std::filesystem::create_symlink("/usr/bin/python3", session.folder / "venv/bin/python");
        session.file("venv/lib/python3.11/site-packages/hello.pth",
                     "import sys; print('from', 'pth', sys.prefix == sys.base_prefix)\n");
        session.executable = (session.folder / "venv/bin/python").string();
        session.expected_prefix = (session.folder / "venv").string();
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        ASSERT_FALSE(session.host.output.empty());
        EXPECT_EQ(session.host.output[0], "from pth False");
    });
}

TEST(EngineStreams, CutEndlessLinesBetweenCharacters) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body("print('x' + '\\u20ac' * 50000, end='')");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), 0);
        ASSERT_EQ(session.host.output.size(), 3U);
        std::string whole;
        for (const std::string& piece : session.host.output) {
            EXPECT_LE(piece.size(), 65536U);
            EXPECT_FALSE(contains(piece, "\xEF\xBF\xBD"));
            whole += piece;
        }
        EXPECT_EQ(whole.size(), 150001U);
    });
}

TEST(EngineStreams, AreLeftAloneWhenNotCaptured) {
    in_child([] {
        Session session;
        session.capture_streams = false;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body("servicemanager.LogInfoMsg(type(sys.stdout.buffer).__name__)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        ASSERT_EQ(session.host.events.size(), 1U);
        EXPECT_EQ(session.host.events[0].inserts[0], "BufferedWriter");
    });
}

TEST(EngineStreams, ReplaceMissingOnesInAnyCase) {
    in_child([] {
        Session session;
        session.capture_streams = false;
        const int saved = dup(2);
        for (int fd = 0; fd < 3; ++fd) close(fd);
        const bool started = session.start();
        const RunOutcome run =
            session.run_body("print('out'); sys.stderr.write('err\\n'); print(repr(sys.stdin.read()))");
        dup2(saved, 2);
        dup2(saved, 1);
        ASSERT_TRUE(started);
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "out\n''");
        EXPECT_EQ(joined(session.host.errors), "err");
    });
}

}  // namespace
}  // namespace pysvc::test
