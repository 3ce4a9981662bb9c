// SPDX-License-Identifier: MIT
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <utility>

namespace pysvc::test {
namespace {

/// Registers the function with `body` as a handler and gives it to `test`.
void with_handler(std::string_view body, const std::function<void(Session&, void*)>& test) {
    in_child([&] {
        Session session;
        ASSERT_TRUE(session.start());
        std::string source = "def handler(*args):\n";
        source.append(body);
        source += "\nservicemanager.RegisterServiceCtrlHandler('Svc', handler, True)";
        const RunOutcome run = session.run_body(source);
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        ASSERT_EQ(session.host.handlers.size(), 1U);
        test(session, session.host.handlers[0].callable);
        session.engine->release_object(session.host.handlers[0].callable);
        EXPECT_EQ(session.finalize(), 0);
    });
}

pysvc_control control_of(std::uint32_t control, std::uint32_t event_type = 0, const void* data = nullptr,
                         std::size_t size = 0) {
    return {control, event_type, data, size, 1};
}

TEST(EngineControl, MapsResults) {
    with_handler("    return {1: None, 2: 0, 3: 1062, 4: True, 5: -1, 6: 2**40 + 9, 7: 'text', 8: 1.5}[args[0]]",
                 [](Session& session, void* handler) {
                     const auto expect = [&](std::uint32_t control, int kind, std::uint32_t code) {
                         const CallOutcome outcome = session.call(handler, control_of(control));
                         EXPECT_EQ(outcome.kind, kind) << control << ": " << outcome.text;
                         EXPECT_EQ(outcome.code, code) << control;
                     };
                     expect(1, PYSVC_CALL_RETURNED, 0);
                     expect(2, PYSVC_CALL_RETURNED, 0);
                     expect(3, PYSVC_CALL_RETURNED, 1062);
                     expect(4, PYSVC_CALL_RETURNED, 1);
                     expect(5, PYSVC_CALL_RETURNED, 0xFFFFFFFF);
                     expect(6, PYSVC_CALL_RETURNED, 9);
                     expect(7, PYSVC_CALL_BAD_VALUE, 1066);
                     expect(8, PYSVC_CALL_BAD_VALUE, 1066);
                     const CallOutcome bad = session.call(handler, control_of(7));
                     EXPECT_EQ(bad.error, ErrorCode::ControlFailed);
                     EXPECT_EQ(bad.text, "the control handler returned 'text' ('str'); it must return None or an int");
                 });
}

TEST(EngineControl, ReportsWhatAHandlerRaises) {
    with_handler("    raise {1: OSError('disk'), 2: SystemExit(0), 3: KeyboardInterrupt()}[args[0]]",
                 [](Session& session, void* handler) {
                     for (const auto& [control, text] :
                          {std::pair{1U, "OSError: disk"}, {2U, "SystemExit: 0"}, {3U, "KeyboardInterrupt"}}) {
                         const CallOutcome outcome = session.call(handler, control_of(control));
                         EXPECT_EQ(outcome.kind, PYSVC_CALL_RAISED);
                         EXPECT_EQ(outcome.code, 120U);
                         EXPECT_EQ(outcome.error, ErrorCode::ControlFailed);
                         EXPECT_TRUE(contains(outcome.text, text)) << outcome.text;
                         EXPECT_TRUE(contains(outcome.text, "in handler")) << outcome.text;
                     }
                 });
}

TEST(EngineControl, PassesOneArgumentOrThree) {
    with_handler("    print(args)", [](Session& session, void* handler) {
        pysvc_control control = control_of(1, 5);
        control.extra_args = 0;
        session.call(handler, control);
        session.call(handler, control_of(1, 5));
        EXPECT_EQ(joined(session.host.output), "(1,)\n(1, 5, None)");
    });
}

TEST(EngineControl, ShapesEventData) {
    with_handler("    print(args)", [](Session& session, void* handler) {
        std::array<unsigned char, 24> power{0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB,
                                            0xCC, 0xDD, 0xEE, 0xFF, 4,    0,    0,    0,    'a',  'b',  0,    'd'};
        session.call(handler, control_of(13, 0x8013, power.data(), power.size()));
        session.call(handler, control_of(13, 10));
        power[16] = 200;  // says more than there is
        session.call(handler, control_of(13, 0x8013, power.data(), 22));
        session.call(handler, control_of(13, 0x8013, power.data(), 7));
        const std::array<std::uint32_t, 2> session_change{8, 3};
        session.call(handler, control_of(14, 5, session_change.data(), sizeof session_change));
        session.call(handler, control_of(14, 5, session_change.data(), 4));
        session.call(handler, control_of(11, 0x8000, power.data(), power.size()));
        session.call(handler, control_of(11, 0x8000));
        const std::string address = std::to_string(reinterpret_cast<std::uintptr_t>(power.data()));
        EXPECT_EQ(joined(session.host.output),
                  "(13, 32787, (IID('{00112233-4455-6677-8899-AABBCCDDEEFF}'), b'ab\\x00d'))\n"
                  "(13, 10, None)\n"
                  "(13, 32787, (IID('{00112233-4455-6677-8899-AABBCCDDEEFF}'), b'ab'))\n"
                  "(13, 32787, None)\n"
                  "(14, 5, (3,))\n"
                  "(14, 5, None)\n"
                  "(11, 32768, " +
                      address +
                      ")\n"
                      "(11, 32768, 0)");
    });
}

TEST(EngineControl, OnlyDevicePowerAndSessionEventsBringData) {
    with_handler("    print(args)", [](Session& session, void* handler) {
        // Data that would make a session or a power setting.
        const std::array<std::uint32_t, 6> data{8, 3, 0, 0, 0, 0};
        std::string expected;
        for (const std::uint32_t code :
             {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 10U, 12U, 13U, 15U, 16U, 17U, 32U, 96U, 97U, 128U, 200U, 255U}) {
            session.call(handler, control_of(code, 9, data.data(), sizeof data));
            expected += (expected.empty() ? "(" : "\n(") + std::to_string(code) + ", 9, None)";
        }
        EXPECT_EQ(joined(session.host.output), expected);
    });
}

TEST(EngineControl, OurOwnApiGetsTheBytesOfAnyEvent) {
    with_handler("    print(args)", [](Session& session, void* handler) {
        const std::string data("a\0b", 3);
        for (const std::uint32_t code : {11U, 13U, 14U, 16U, 200U}) {
            pysvc_control control = control_of(code, 7, data.data(), data.size());
            control.extra_args = PYSVC_HANDLER_RAW;
            session.host.output.clear();
            session.call(handler, control);
            EXPECT_EQ(joined(session.host.output), "(" + std::to_string(code) + ", 7, b'a\\x00b')");
        }
        pysvc_control control = control_of(16);
        control.extra_args = PYSVC_HANDLER_RAW;
        session.host.output.clear();
        session.call(handler, control);
        EXPECT_EQ(joined(session.host.output), "(16, 0, None)");
    });
}

TEST(EngineControl, DeviceDataCanBeReadDuringTheCall) {
    with_handler("    import ctypes; print(ctypes.string_at(args[2], 5))", [](Session& session, void* handler) {
        const std::string data = "bytes";
        session.call(handler, control_of(11, 0x8000, data.data(), data.size()));
        EXPECT_EQ(joined(session.host.output), "b'bytes'");
    });
}

TEST(EngineControl, PowerSettingsHavePywin32sIid) {
    in_child([] {
        Session session;
        session.file("pywintypes.py", "def IID(text): return ['an IID', text]\n");
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "def handler(*args): print(args[2])\n"
            "servicemanager.RegisterServiceCtrlHandler('Svc', handler, True)");
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        void* handler = session.host.handlers.at(0).callable;
        const std::array<unsigned char, 20> setting{0x33, 0x22, 0x11};
        session.call(handler, control_of(13, 0x8013, setting.data(), setting.size()));
        EXPECT_EQ(joined(session.host.output), "(['an IID', '{00112233-0000-0000-0000-000000000000}'], b'')");
        session.engine->release_object(handler);
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineControl, KeepsOneThreadState) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import threading\n"
            "local = threading.local()\n"
            "def handler(control):\n"
            "    local.count = getattr(local, 'count', 0) + 1\n"
            "    print(local.count, threading.active_count())\n"
            "servicemanager.RegisterServiceCtrlHandler('Svc', handler)");
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        ASSERT_EQ(session.host.handlers.size(), 1U);
        void* handler = session.host.handlers[0].callable;
        EXPECT_FALSE(session.host.handlers[0].extra_args);
        std::thread([&] {
            void* state = session.engine->attach_control_thread();
            // What an extension module on this thread would find.
            EXPECT_EQ(session.python<void*()>("PyGILState_GetThisThreadState")(), state);
            const pysvc_control control{128, 0, nullptr, 0, 0};
            for (int i = 0; i < 3; ++i) {
                ToldFailure told;
                pysvc_call_result result{-1, 0, told.failure()};
                session.engine->call_control(state, handler, &control, &result);
                EXPECT_EQ(result.kind, PYSVC_CALL_RETURNED) << told.text;
            }
            session.engine->detach_control_thread(state);
        }).join();
        EXPECT_EQ(joined(session.host.output), "1 1\n2 1\n3 1");
        session.engine->release_object(handler);
        EXPECT_EQ(session.finalize(), 0);
    });
}

}  // namespace
}  // namespace pysvc::test
