// SPDX-License-Identifier: MIT
// pythonservice.Service in the engine: what it reports, and what of it is called when.
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pysvc::test {
namespace {

constexpr std::uint32_t kStop = 1;
constexpr std::uint32_t kPause = 2;
constexpr std::uint32_t kContinue = 3;
constexpr std::uint32_t kRunning = 4;
constexpr std::uint32_t kPaused = 7;

/// A service that ran, and the controls it got as soon as it was RUNNING.
class EngineService : public testing::Test {
protected:
    /// Runs class Svc of `source`, which finds Service and sys imported.
    static void run(std::string_view source, const std::vector<std::uint32_t>& controls,
                    const std::function<void(Session&, const RunOutcome&, const std::vector<CallOutcome>&)>& check) {
        in_child([&] {
            Session session;
            session.file("service.py", "import sys\nfrom pythonservice import Service\n" + std::string(source));
            ASSERT_TRUE(session.start());
            std::vector<CallOutcome> answers;
            std::thread sender;
            session.host.on_status = [&](const pysvc_status& status) {
                if (status.current_state != kRunning || sender.joinable()) return;
                sender = std::thread([&] {
                    for (const std::uint32_t control : controls) {
                        const pysvc_control record{control, 0, nullptr, 0, PYSVC_HANDLER_RAW};
                        answers.push_back(session.call(session.host.handlers.at(0).callable, record));
                    }
                });
            };
            const RunOutcome outcome = session.run("service");
            if (sender.joinable()) sender.join();
            check(session, outcome, answers);
            for (const RegisteredHandler& handler : session.host.handlers) {
                session.engine->release_object(handler.callable);
            }
            EXPECT_EQ(session.finalize(), 0);
        });
    }

    /// The same where everything is to end well: what the service printed.
    static void expect_output(std::string_view source, const std::vector<std::uint32_t>& controls,
                              std::string_view output) {
        run(source, controls, [&](Session& session, const RunOutcome& outcome, const auto& answers) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
            for (const CallOutcome& answer : answers) EXPECT_EQ(answer.kind, PYSVC_CALL_RETURNED) << answer.text;
            EXPECT_EQ(joined(session.host.output), output);
            EXPECT_EQ(joined(session.host.errors), "");
        });
    }
};

std::vector<std::uint32_t> states_of(const Session& session) {
    std::vector<std::uint32_t> states;
    for (const pysvc_status& status : session.host.statuses) states.push_back(status.current_state);
    return states;
}

TEST_F(EngineService, RunsUntilItIsStopped) {
    run("class Svc(Service):\n"
        "    def run(self):\n"
        "        print(self.args)\n"
        "        print(self.stopping.wait(60), self.stopping.is_set(), self.stopping.wait())\n",
        {kStop, kStop}, [](Session& session, const RunOutcome& outcome, const auto& answers) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
            EXPECT_EQ(joined(session.host.output), "('Svc', 'zw\xC3\xB6lf')\nTrue True True");
            ASSERT_EQ(session.host.handlers.size(), 1U);
            EXPECT_EQ(session.host.handlers[0].service, "Svc");
            EXPECT_EQ(session.host.handlers[0].extra_args, PYSVC_HANDLER_RAW);
            EXPECT_FALSE(session.host.handlers[0].forward_interrogate);
            ASSERT_EQ(session.host.statuses.size(), 1U);
            EXPECT_EQ(session.host.statuses[0].current_state, kRunning);
            EXPECT_EQ(session.host.statuses[0].controls_accepted, 1U);
            for (const CallOutcome& answer : answers) EXPECT_EQ(answer.code, 0U) << answer.text;
        });
}

TEST_F(EngineService, ASynchronousServiceImportsNothingHeavy) {
    expect_output(
        "class Svc(Service):\n"
        "    def run(self):\n"
        "        heavy = 'asyncio dataclasses enum functools logging re threading typing uuid'\n"
        "        print(sorted(set(heavy.split()) & set(sys.modules)))\n",
        {}, "[]");
}

TEST_F(EngineService, WaitHasATimeout) {
    expect_output(
        "class Svc(Service):\n"
        "    def run(self):\n"
        "        print(self.stopping.wait(0), self.stopping.wait(-3), self.stopping.wait(0.01))\n",
        {}, "False False False");
}

TEST_F(EngineService, CancelsACoroutine) {
    expect_output(
        "import asyncio\n"
        "class Svc(Service):\n"
        "    async def run(self):\n"
        "        try:\n"
        "            await asyncio.sleep(60)\n"
        "        except asyncio.CancelledError:\n"
        "            print('cancelled', self.stopping.is_set())\n"
        "            raise\n",
        {kStop}, "cancelled True");
}

TEST_F(EngineService, DoesNotCancelWhatAwaitsStopping) {
    expect_output(
        "import asyncio\n"
        "class Svc(Service):\n"
        "    reports_ready = True\n"
        "    async def run(self):\n"
        "        asyncio.get_running_loop().call_soon(self.ready)\n"
        "        await self.stopping\n"
        "        await self.stopping\n"
        "        print('drained')\n",
        {kStop}, "drained");
}

TEST_F(EngineService, AStopWhileACoroutineWorksIsSeenWhenItAwaitsStoppingAgain) {
    expect_output(
        "import asyncio\n"
        "class Svc(Service):\n"
        "    reports_ready = True\n"
        "    async def run(self):\n"
        "        stop = asyncio.ensure_future(self.stopping)\n"
        "        await asyncio.sleep(0)\n"
        "        self.ready()\n"
        "        while not stop.done():\n"
        "            await asyncio.sleep(0)\n"
        "        print('stopped', stop.result())\n",
        {kStop}, "stopped None");
}

TEST_F(EngineService, AnotherCancellationIsAFailure) {
    run("import asyncio\n"
        "class Svc(Service):\n"
        "    async def run(self):\n"
        "        asyncio.current_task().cancel()\n"
        "        await asyncio.sleep(60)\n",
        {}, [](Session&, const RunOutcome& outcome, const auto&) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RAISED);
            EXPECT_TRUE(contains(outcome.text, "CancelledError")) << outcome.text;
        });
}

TEST_F(EngineService, BlockingTheEventLoopIsRefused) {
    expect_output(
        "class Svc(Service):\n"
        "    async def run(self):\n"
        "        try:\n"
        "            self.stopping.wait(5)\n"
        "        except RuntimeError as error:\n"
        "            print(error)\n",
        {}, "stopping.wait() would block the event loop; write `await self.stopping`");
}

TEST_F(EngineService, ACoroutineThatNobodyWouldAwaitIsAFailure) {
    run("class Svc(Service):\n"
        "    async def work(self): pass\n"
        "    def run(self): return self.work()\n",
        {}, [](Session&, const RunOutcome& outcome, const auto&) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RAISED);
            EXPECT_TRUE(contains(outcome.text, "must be `async def run(self)`")) << outcome.text;
        });
    expect_output("class Svc(Service):\n    def run(self): return 0\n", {}, "");
}

TEST_F(EngineService, ExceptionsAndExitCodesLeaveTheCoroutine) {
    for (const bool exits : {false, true}) {
        const std::string statement = exits ? "sys.exit(7)" : "1 / 0";
        run("class Svc(Service):\n    async def run(self):\n        " + statement + "\n", {},
            [&](Session&, const RunOutcome& outcome, const auto&) {
                EXPECT_EQ(outcome.kind, exits ? PYSVC_RUN_EXITED : PYSVC_RUN_RAISED) << outcome.text;
                EXPECT_EQ(outcome.exit_code, exits ? 7U : 0U);
                EXPECT_TRUE(exits || contains(outcome.text, "ZeroDivisionError")) << outcome.text;
            });
    }
}

TEST_F(EngineService, PausesAndResumes) {
    run("class Svc(Service):\n"
        "    def pause(self): print('pause')\n"
        "    def resume(self): print('resume')\n"
        "    def run(self): self.stopping.wait()\n",
        {kPause, kContinue, kStop}, [](Session& session, const RunOutcome& outcome, const auto&) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
            EXPECT_EQ(joined(session.host.output), "pause\nresume");
            EXPECT_EQ(states_of(session), (std::vector<std::uint32_t>{kRunning, kPaused, kRunning}));
            EXPECT_EQ(session.host.statuses[1].controls_accepted, 3U);
        });
}

TEST_F(EngineService, APauseThatFailsOrRefusesIsNotReported) {
    run("class Svc(Service):\n"
        "    count = 0\n"
        "    def pause(self):\n"
        "        self.count += 1\n"
        "        if self.count == 1: return 5\n"
        "        raise OSError('no')\n"
        "    def run(self): self.stopping.wait()\n",
        {kPause, kPause, kStop}, [](Session& session, const RunOutcome&, const std::vector<CallOutcome>& answers) {
            EXPECT_EQ(answers[0].code, 5U);
            EXPECT_EQ(answers[1].kind, PYSVC_CALL_RAISED);
            EXPECT_EQ(states_of(session), std::vector<std::uint32_t>{kRunning});
        });
}

TEST_F(EngineService, AsynchronousMethodsRunInTheEventLoop) {
    expect_output(
        "import asyncio, _thread\n"
        "class Svc(Service):\n"
        "    async def pause(self):\n"
        "        print('pause', self.loop is asyncio.get_running_loop(), _thread.get_ident() == self.thread)\n"
        "    async def on_custom(self, event): print('custom', event.control)\n"
        "    async def stop(self):\n"
        "        print('stop')\n"
        "        super().stop()\n"
        "    reports_ready = True\n"
        "    async def run(self):\n"
        "        self.loop, self.thread = asyncio.get_running_loop(), _thread.get_ident()\n"
        "        self.loop.call_soon(self.ready)\n"
        "        await self.stopping\n"
        "        print('end')\n",
        {kPause, 200, kStop}, "pause True True\ncustom 200\nstop\nend");
}

TEST_F(EngineService, AnAsynchronousStopMayOutliveTheRun) {
    expect_output(
        "import asyncio\n"
        "class Svc(Service):\n"
        "    reports_ready = True\n"
        "    async def stop(self):\n"
        "        super().stop()\n"
        "        await asyncio.sleep(600)\n"
        "    async def run(self):\n"
        "        asyncio.get_running_loop().call_soon(self.ready)\n"
        "        await self.stopping\n"
        "        print('end')\n",
        {kStop}, "end");
}

TEST_F(EngineService, AnAsynchronousMethodNeedsAnEventLoop) {
    run("class Svc(Service):\n"
        "    async def pause(self): pass\n"
        "    def run(self): self.stopping.wait()\n",
        {kPause, kStop}, [](Session&, const RunOutcome&, const std::vector<CallOutcome>& answers) {
            EXPECT_EQ(answers[0].kind, PYSVC_CALL_RAISED);
            EXPECT_TRUE(contains(answers[0].text, "needs an `async def run()`")) << answers[0].text;
        });
}

TEST_F(EngineService, AnOverriddenMethodIsWhatAcceptsItsControl) {
    const std::vector<std::pair<std::string, std::uint32_t>> methods = {
        {"pause(self)", 0x3},
        {"shutdown(self)", 0x5},
        {"preshutdown(self)", 0x101},
        {"on_param_change(self, event)", 0x9},
        {"on_net_bind(self, event)", 0x11},
        {"on_hardware_profile(self, event)", 0x21},
        {"on_power(self, event)", 0x41},
        {"on_session(self, event)", 0x81},
        {"on_time_change(self, event)", 0x201},
        {"on_trigger(self, event)", 0x401},
        {"on_custom(self, event)", 0x1},
        {"stop(self)", 0x1},
    };
    for (const auto& [method, accepted] : methods) {
        run("class Svc(Service):\n    def " + method + ": pass\n    def run(self): pass\n", {},
            [&](Session& session, const RunOutcome&, const auto&) {
                EXPECT_EQ(session.host.statuses.at(0).controls_accepted, accepted) << method;
            });
    }
}

TEST_F(EngineService, ShutdownIsStopUnlessItIsOverridden) {
    expect_output(
        "class Svc(Service):\n"
        "    def preshutdown(self):\n"
        "        print('preshutdown')\n"
        "        super().preshutdown()\n"
        "    def run(self): self.stopping.wait()\n",
        {15}, "preshutdown");
    expect_output("class Svc(Service):\n    def run(self): print(self.stopping.wait())\n", {5}, "True");
}

TEST_F(EngineService, ControlsThatNobodyAskedForHaveAnswers) {
    run("class Svc(Service):\n    def run(self): self.stopping.wait()\n", {200, 6, 11, 13, 14, 16, 32, 96, 4, kStop},
        [](Session&, const RunOutcome&, const std::vector<CallOutcome>& answers) {
            std::vector<std::uint32_t> codes;
            for (const CallOutcome& answer : answers) codes.push_back(answer.code);
            EXPECT_EQ(codes, (std::vector<std::uint32_t>{120, 0, 0, 0, 0, 0, 0, 120, 0, 0}));
        });
}

TEST_F(EngineService, InterrogateIsToldToWhoOverridesIt) {
    run("class Svc(Service):\n"
        "    def on_interrogate(self): print('asked')\n"
        "    def run(self): self.stopping.wait()\n",
        {4, kStop}, [](Session& session, const RunOutcome&, const auto&) {
            EXPECT_TRUE(session.host.handlers.at(0).forward_interrogate);
            EXPECT_EQ(joined(session.host.output), "asked");
        });
}

TEST_F(EngineService, IsReadyWhenItSaysSo) {
    expect_output(
        "class Svc(Service):\n"
        "    reports_ready = True\n"
        "    def run(self):\n"
        "        print('loading')\n"
        "        self.ready()\n"
        "        self.stopping.wait()\n",
        {kStop}, "loading");
    run("class Svc(Service):\n    reports_ready = True\n    def run(self): pass\n", {},
        [](Session& session, const RunOutcome&, const auto&) { EXPECT_TRUE(session.host.statuses.empty()); });
}

TEST_F(EngineService, StatusIsALineWhenItChanges) {
    expect_output(
        "class Svc(Service):\n"
        "    def run(self):\n"
        "        print(repr(self.status))\n"
        "        for text in ('one', 'two', 'two', 'one'): self.status = text\n"
        "        print(self.status)\n",
        {}, "''\none\ntwo\none\none");
}

TEST_F(EngineService, HeartbeatsReachTheHost) {
    run("class Svc(Service):\n"
        "    def run(self):\n"
        "        for i in range(3): self.heartbeat()\n",
        {}, [](Session& session, const RunOutcome&, const auto&) { EXPECT_EQ(session.host.heartbeats, 3); });
}

TEST_F(EngineService, AWatchdogIsOneOfTheServicesOwn) {
    run("class Svc(Service):\n"
        "    def run(self):\n"
        "        self.watchdog(2.5)\n"
        "        self.watchdog(None)\n",
        {}, [](Session& session, const RunOutcome&, const auto&) {
            EXPECT_EQ(session.host.liveness, (std::vector<std::string>{"watch Svc 2500", "watch Svc 0"}));
        });
}

TEST_F(EngineService, OnlyReadyTellsTheHostThatTheServiceIsReady) {
    // RUNNING is reported when run() begins; with StartupMode=notify the host holds it back until then.
    run("class Svc(Service):\n"
        "    def run(self):\n"
        "        import servicemanager\n"
        "        servicemanager.Heartbeat()\n"
        "        self.ready()\n",
        {}, [](Session& session, const RunOutcome&, const auto&) {
            EXPECT_EQ(session.host.liveness, (std::vector<std::string>{"heartbeat ", "ready Svc"}));
            EXPECT_EQ(session.host.statuses.size(), 2U);
        });
}

TEST_F(EngineService, ReadyOfAServiceThatHasEndedIsNotListenedTo) {
    in_child([] {
        Session session;
        session.host.liveness_result = 123;
        session.host.status_handle = 7;  // another one's
        session.file("service.py",
                     "from pythonservice import Service\n"
                     "class Svc(Service):\n"
                     "    def run(self): self.ready()\n");
        ASSERT_TRUE(session.start());
        const RunOutcome outcome = session.run("service");
        EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
        EXPECT_EQ(session.host.liveness, std::vector<std::string>{"ready Svc"});
    });
}

TEST_F(EngineService, AStopBeforeTheRunCallsNothingOfTheClass) {
    in_child([] {
        Session session;
        session.file("service.py",
                     "from pythonservice import Service\n"
                     "class Svc(Service):\n"
                     "    def run(self): print('run')\n"
                     "    def stop(self): print(self.made_in_the_constructor)\n"
                     "    def pause(self): print('pause')\n");
        ASSERT_TRUE(session.start());
        session.host.on_before_run = [&] {
            void* handler = session.host.handlers.at(0).callable;
            EXPECT_EQ(session.call(handler, {kPause, 0, nullptr, 0, PYSVC_HANDLER_RAW}).code, 1061U);
            EXPECT_EQ(session.call(handler, {kStop, 0, nullptr, 0, PYSVC_HANDLER_RAW}).code, 0U);
        };
        const RunOutcome outcome = session.run("service");
        EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
        EXPECT_EQ(joined(session.host.output), "");
        EXPECT_TRUE(session.host.statuses.empty());
        session.engine->release_object(session.host.handlers.at(0).callable);
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST_F(EngineService, AClassWithoutRunSaysSo) {
    run("class Svc(Service): pass\n", {}, [](Session&, const RunOutcome& outcome, const auto&) {
        EXPECT_EQ(outcome.kind, PYSVC_RUN_RAISED);
        EXPECT_TRUE(contains(outcome.text, "NotImplementedError: Svc has no run()")) << outcome.text;
    });
}

TEST_F(EngineService, NamesAreThoseOfPywin32Too) {
    expect_output(
        "class A(Service):\n"
        "    name = 'a'\n"
        "    description = 'text'\n"
        "    dependencies = ('Tcpip',)\n"
        "class B(A): display_name = 'The B'\n"
        "class C(Service): _svc_name_ = 'c'\n"
        "class Svc(Service):\n"
        "    def run(self):\n"
        "        for c in (A, B, C, Svc):\n"
        "            print(c._svc_name_, c._svc_display_name_, c._svc_description_, c._svc_deps_, repr(c.name))\n",
        {},
        "a a text ['Tcpip'] 'a'\n"
        "a The B text ['Tcpip'] 'a'\n"
        "c c  [] 'c'\n"
        "Svc Svc  [] ''");
}

TEST_F(EngineService, AnInstanceWithoutArgumentsNeedsNoHost) {
    run("class Tested(Service):\n"
        "    def run(self):\n"
        "        self.status = 'unseen'\n"
        "        self.heartbeat()\n"
        "        print(self.stopping.wait(0))\n"
        "class Svc(Service):\n"
        "    def run(self):\n"
        "        tested = Tested()\n"
        "        tested.stop()\n"
        "        tested.run()\n",
        {}, [](Session& session, const RunOutcome& outcome, const auto&) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
            EXPECT_EQ(joined(session.host.output), "True");
            EXPECT_EQ(session.host.handlers.size(), 1U);
            EXPECT_EQ(session.host.heartbeats, 0);
        });
}

TEST_F(EngineService, EventsGoToTheLogUnderTheServicesName) {
    run("class Svc(Service):\n    def run(self): pass\n", {}, [](Session& session, const RunOutcome&, const auto&) {
        EXPECT_EQ(session.host.sources, std::vector<std::string>{"Svc"});
    });
}

// ---- typed events ---------------------------------------------------------------------------------------------------

/// Little-endian bytes, as structures of Windows are made of.
std::string bytes(std::uint64_t number, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
    return out;
}

std::string utf16(std::string_view text) {
    std::string out;
    for (const char c : text) out += bytes(static_cast<unsigned char>(c), 2);
    return out + bytes(0, 2);
}

/// {00112233-4455-6677-8899-AABBCCDDEEFF}
std::string guid() {
    return bytes(0x00112233, 4) + bytes(0x4455, 2) + bytes(0x6677, 2) + "\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF";
}
constexpr const char* kUuid = "UUID('00112233-4455-6677-8899-aabbccddeeff')";

struct SentEvent {
    std::string method;
    std::uint32_t control;
    std::uint32_t event_type;
    std::string data;  ///< empty: none
    std::string event;  ///< as Python shows it, or the exception
};

void expect_events(const std::vector<SentEvent>& events) {
    in_child([&] {
        Session session;
        std::string source = "from pythonservice import Service\nclass Svc(Service):\n    def run(self): pass\n";
        for (const SentEvent& sent : events) {
            if (source.find(sent.method) != std::string::npos) continue;
            source += "    def " + sent.method + "(self, event): print(event)\n";
        }
        session.file("service.py", source);
        ASSERT_TRUE(session.start());
        const RunOutcome outcome = session.run("service");
        ASSERT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
        void* handler = session.host.handlers.at(0).callable;
        for (const SentEvent& sent : events) {
            session.host.output.clear();
            const void* data = sent.data.empty() ? nullptr : sent.data.data();
            const CallOutcome answer =
                session.call(handler, {sent.control, sent.event_type, data, sent.data.size(), PYSVC_HANDLER_RAW});
            EXPECT_TRUE(contains(joined(session.host.output) + answer.text, sent.event))
                << "expected: " << sent.event << "\nprinted: " << joined(session.host.output) << "\n" << answer.text;
        }
        session.engine->release_object(handler);
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineServiceEvents, Power) {
    const std::string setting = guid() + bytes(4, 4) + bytes(42, 4);
    expect_events({
        {"on_power", 13, 4, "", "PowerEvent(change=<PowerChange.SUSPEND: 4>, setting=None, data=b'')"},
        {"on_power", 13, 99, "", "PowerEvent(change=<PowerChange.CODE_99: 99>"},
        {"on_power", 13, 0x8013, setting,
         std::string("PowerEvent(change=<PowerChange.SETTING_CHANGE: 32787>, setting=") + kUuid +
             ", data=b'*\\x00\\x00\\x00')"},
    });
}

TEST(EngineServiceEvents, Session) {
    expect_events({
        {"on_session", 14, 7, bytes(8, 4) + bytes(3, 4), "SessionEvent(change=<SessionChange.LOCK: 7>, session_id=3)"},
        {"on_session", 14, 7, "", "ValueError: Windows sent 0 bytes of event data, 8 are needed"},
    });
}

TEST(EngineServiceEvents, Device) {
    const auto header = [](std::uint32_t type, const std::string& rest) {
        return bytes(12 + rest.size(), 4) + bytes(type, 4) + bytes(0, 4) + rest;
    };
    expect_events({
        {"on_device", 11, 0x8000, header(5, guid() + utf16("\\\\?\\USB")),
         std::string("DeviceEvent(change=<DeviceChange.ARRIVAL: 32768>, device_type=<DeviceType.INTERFACE: 5>, "
                     "interface_class=") +
             kUuid + ", name='\\\\\\\\?\\\\USB', drives=(), data=b'"},
        {"on_device", 11, 0x8004, header(2, bytes(0x14, 4) + bytes(1, 2)),
         "REMOVE_COMPLETE: 32772>, device_type=<DeviceType.VOLUME: 2>, interface_class=None, name='', drives=('C:', 'E:')"},
        {"on_device", 11, 0x8000, header(3, utf16("COM3")), "<DeviceType.PORT: 3>, interface_class=None, name='COM3'"},
        {"on_device", 11, 0x8006, header(6, std::string(20, '\0') + guid() + bytes(0, 4)),
         std::string("<DeviceChange.CUSTOM: 32774>, device_type=<DeviceType.HANDLE: 6>, interface_class=") + kUuid},
        {"on_device", 11, 7, "", "<DeviceChange.NODES_CHANGED: 7>, device_type=None"},
        {"on_device", 11, 0x8000, header(5, "short"), "<DeviceType.INTERFACE: 5>, interface_class=None, name=''"},
    });
}

TEST(EngineServiceEvents, TimeChange) {
    // 2025-11-21 00:00:00 UTC, and a second and a half before it.
    constexpr std::uint64_t kNew = 134'081'568'000'000'000;
    expect_events({
        {"on_time_change", 16, 0, bytes(kNew, 8) + bytes(kNew - 15'000'000, 8),
         "TimeChangeEvent(old=datetime.datetime(2025, 11, 20, 23, 59, 58, 500000, tzinfo=datetime.timezone.utc), "
         "new=datetime.datetime(2025, 11, 21, 0, 0, tzinfo=datetime.timezone.utc))"},
        {"on_time_change", 16, 0, bytes(kNew, 8), "ValueError: Windows sent 8 bytes of event data, 16 are needed"},
    });
}

TEST(EngineServiceEvents, Others) {
    expect_events({
        {"on_trigger", 32, 5, "", "TriggerEvent(event_type=5)"},
        {"on_param_change", 6, 0, "", "ParamChangeEvent()"},
        {"on_net_bind", 9, 0, "", "NetBindEvent(change=<NetBindChange.ENABLE: 9>)"},
        {"on_hardware_profile", 12, 0x17, "", "HardwareProfileEvent(change=<HardwareProfileChange.QUERY_CHANGE: 23>)"},
        {"on_custom", 255, 0, "", "CustomEvent(control=255)"},
    });
}

TEST(EngineServiceEvents, AnAnswerReachesWindows) {
    in_child([] {
        Session session;
        session.file("service.py",
                     "from pythonservice import DeviceEvent, Service\n"
                     "class Svc(Service):\n"
                     "    def on_device(self, event: DeviceEvent) -> int: return 0x424D5144\n"
                     "    def run(self): pass\n");
        ASSERT_TRUE(session.start());
        ASSERT_EQ(session.run("service").kind, PYSVC_RUN_RETURNED);
        void* handler = session.host.handlers.at(0).callable;
        EXPECT_EQ(session.call(handler, {11, 0x8001, nullptr, 0, PYSVC_HANDLER_RAW}).code, 0x424D5144U);
        session.engine->release_object(handler);
        EXPECT_EQ(session.finalize(), 0);
    });
}

// ---- the logging handler --------------------------------------------------------------------------------------------

TEST_F(EngineService, LogRecordsBecomeEvents) {
    run("import logging\n"
        "from pythonservice import EventLogHandler\n"
        "class Svc(Service):\n"
        "    def run(self):\n"
        "        log = logging.getLogger('svc')\n"
        "        log.setLevel(logging.DEBUG)\n"
        "        log.addHandler(EventLogHandler())\n"
        "        log.info('left out')\n"
        "        log.warning('low on %s', 'disk')\n"
        "        log.error('no disk')\n"
        "        log.handlers[0].setLevel(logging.DEBUG)\n"
        "        log.info('all well')\n",
        {}, [](Session& session, const RunOutcome& outcome, const auto&) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
            EXPECT_EQ(session.host.events, (std::vector<ReportedEvent>{{2, 0x400000FF, {"low on disk"}},
                                                                       {1, 0xC00000FF, {"no disk"}},
                                                                       {4, 0x400000FF, {"all well"}}}));
        });
}

TEST_F(EngineService, ALogRecordThatCannotBeWrittenDoesNotRaise) {
    run("import logging\n"
        "from pythonservice import EventLogHandler\n"
        "class Svc(Service):\n"
        "    def __str__(self):\n"
        "        logging.error('logged while a record is formatted')\n"
        "        return 'service'\n"
        "    def run(self):\n"
        "        logging.getLogger().addHandler(EventLogHandler())\n"
        "        logging.error('%s', self)\n"
        "        logging.error('%d', 'no number')\n"
        "        print('goes on')\n",
        {}, [](Session& session, const RunOutcome& outcome, const auto&) {
            EXPECT_EQ(outcome.kind, PYSVC_RUN_RETURNED) << outcome.text;
            EXPECT_EQ(joined(session.host.output), "goes on");
            EXPECT_EQ(session.host.events, (std::vector<ReportedEvent>{{1, 0xC00000FF, {"service"}}}));
            EXPECT_TRUE(contains(joined(session.host.errors), "Logging error")) << joined(session.host.errors);
        });
}

}  // namespace
}  // namespace pysvc::test
