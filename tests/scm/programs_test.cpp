// SPDX-License-Identifier: MIT
// Programs that have no service class: services/program.py as a script, a module, functions and web applications.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

constexpr DWORD kStop = 1;
constexpr DWORD kPause = 2;
constexpr DWORD kContinue = 3;
constexpr DWORD kCustom = 200;

constexpr DWORD kAcceptStop = 1;
constexpr DWORD kAcceptPauseContinue = 2;

/// What install writes for a program of this kind.
class ProgramService : public TestService {
public:
    ProgramService(const std::string& kind, const std::string& target)
        : TestService(text_of(services_folder()) + "\\pythonservice.programs." + kind + ".Program") {
        set("Program", target);
    }
};

std::string script() { return text_of(services_folder() / L"program.py"); }

/// The script, in the mode that its arguments name.
class Script : public ProgramService {
public:
    explicit Script(std::vector<std::string> arguments)
        : ProgramService("script", script()), arguments_(std::move(arguments)) {}

    void run() {
        start(arguments_);
        EXPECT_EQ(report().wait("runs"), "None");
    }
    [[nodiscard]] Ended run_to_its_end() { return start_and_wait_for_end(arguments_); }

private:
    std::vector<std::string> arguments_;
};

TEST(Programs, SleepingScriptIsWokenByStop) {
    Script service({"sleep"});
    service.run();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("whole sleep"), "False");
    EXPECT_TRUE(logged_nothing(service, "error"));
    ::testing::Test::RecordProperty("awake_after_ms", service.report().wait("awake after ms"));
}

TEST(Programs, SleepingModuleIsWokenByStop) {
    ProgramService service("module", "program");
    service.start({"sleep"});
    EXPECT_EQ(service.report().wait("runs"), "None");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("whole sleep"), "False");
}

TEST(Programs, SleepingFunctionIsWokenByStop) {
    ProgramService service("call", "program:sleep");
    service.start();
    EXPECT_EQ(service.report().wait("runs"), "None");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("whole sleep"), "False");
}

TEST(Programs, CoroutineIsCancelledAndCleansUp) {
    ProgramService service("call", "program:coroutine");
    service.start();
    EXPECT_EQ(service.report().wait("runs"), "None");
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("cleaned up"), "None");
}

TEST(Programs, ScriptIsMainAndHasItsArguments) {
    Script service({"facts"});
    EXPECT_EQ(service.run_to_its_end(), kSuccess);
    EXPECT_EQ(service.report().wait("main"), "('__main__', True, 'program.py')");
    EXPECT_EQ(service.report().wait("path"), "True");
    EXPECT_NE(service.report().wait("argv").find("program.py', 'facts']"), std::string::npos);
    EXPECT_TRUE(service.log().contains("the program has ended by itself"));
}

TEST(Programs, ChildrenOfMultiprocessingFindTheScript) {
    Script service({"pool"});
    EXPECT_EQ(service.run_to_its_end(), kSuccess);
    EXPECT_EQ(service.report().wait("squares"), "[0, 1, 4, 9]");
}

TEST(Programs, ExceptionIsAFailedServiceWithItsTraceback) {
    Script service({"fails"});
    EXPECT_EQ(service.run_to_its_end(), specific(0x20000001));
    EXPECT_TRUE(logged(service, 0xC0000003, "error", "ValueError: from the program"));
}

TEST(Programs, NumberThatAFunctionReturnsIsTheExitCode) {
    ProgramService service("call", "program:seven");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(7));
}

TEST(Programs, ServiceLivesAsLongAsTheThreadsOfTheScript) {
    Script service({"leaves_a_thread"});
    service.run();
    EXPECT_EQ(service.state(), static_cast<DWORD>(SERVICE_RUNNING));
    service.report().permit("end");
    EXPECT_EQ(service.wait_for_stopped(), kSuccess);
    EXPECT_EQ(service.report().wait("thread"), "'__main__'");
}

TEST(Programs, HandlerOfSigtermIsStop) {
    Script service({"handled", "SIGTERM"});
    service.run();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("signal"), "('SIGTERM', True)");
    EXPECT_EQ(service.report().wait("left"), "None");
}

TEST(Programs, HandlerOfSigbreakIsStop) {
    Script service({"handled", "SIGBREAK"});
    service.run();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("signal"), "('SIGBREAK', True)");
}

TEST(Programs, StopSignalChoosesKeyboardInterruptInSpiteOfAHandler) {
    Script service({"handled", "SIGTERM"});
    service.set("StopSignal", "SIGINT");
    service.run();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_FALSE(service.report().has("signal"));
}

TEST(Programs, ExitCodeOfAHandlerIsTheServices) {
    Script service({"exits_in_its_handler"});
    service.run();
    EXPECT_EQ(service.stop(), specific(5));
}

TEST(Programs, HandlerIsReachedWhereNoSignalEndsTheWait) {
    Script service({"handled_in_a_wait"});
    service.run();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("left"), "None");
}

TEST(Programs, SignalThatAProgramSendsItselfDoesNotEndTheService) {
    Script service({"raises_its_own_signal"});
    EXPECT_EQ(service.run_to_its_end(), kSuccess);
    EXPECT_EQ(service.report().wait("signal"), "('SIGTERM', True)");
    EXPECT_EQ(service.report().wait("left"), "None");
}

TEST(Programs, StopSignalNoneOnlySetsTheEvent) {
    Script service({"looks_at_the_event"});
    service.set("StopSignal", "none");
    service.run();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.report().wait("left"), "None");
}

TEST(Programs, WithoutAHookOnlyStopIsAccepted) {
    Script service({"sleep"});
    service.run();
    EXPECT_EQ(service.status().dwControlsAccepted & (kAcceptStop | kAcceptPauseContinue), kAcceptStop);
}

TEST(Programs, HookIsToldOfPauseResumeAndCustomControls) {
    Script service({"sleep"});
    service.set("ControlHook", "__main__:on_control");
    service.run();
    EXPECT_EQ(service.status().dwControlsAccepted & kAcceptPauseContinue, kAcceptPauseContinue);
    EXPECT_EQ(service.control(kPause), 0U);
    service.wait_for(SERVICE_PAUSED);
    EXPECT_EQ(service.control(kContinue), 0U);
    service.wait_for(SERVICE_RUNNING);
    EXPECT_EQ(service.control(kCustom), 0U);
    service.report().wait_for_count("event", 3);
    EXPECT_EQ(service.report().values("event"),
              (std::vector<std::string>{"'PauseEvent()'", "'ResumeEvent()'", "'CustomEvent(control=200)'"}));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Programs, MissingSettingIsNamed) {
    ProgramService service("script", "");
    EXPECT_NE(service.start_and_wait_for_end(), kSuccess);
    EXPECT_TRUE(service.log().contains("have no value Program"));
}

// ---- web applications --------------------------------------------------------------------------------------------------

/// A client in a process of its own: it fails when nobody listens, and prints the body of the answer.
constexpr const char* kClient =
    "import sys, urllib.request; print(urllib.request.urlopen('http://127.0.0.1:' + sys.argv[1]).read().decode())";

class WebService : public ProgramService {
public:
    WebService(const std::string& kind, const std::string& application, const std::string& port,
               const std::vector<std::string>& packages)
        : ProgramService(kind, "program:" + application), port_(port) {
        const std::string servers = environment_variable("PYSVC_TEST_SERVERS");
        EXPECT_FALSE(servers.empty()) << "it names the folder that `scripts/fetch servers` makes";
        std::string path = "PYTHONPATH=";
        for (const std::string& package : packages) path += servers + "\\" + package + ";";
        set_environment({path});
        set("UseEnvironment", 1U);
        set("Bind", "127.0.0.1:" + port_);
    }

    /// A client that is there at RUNNING is served, and a request that came before STOP is answered after it.
    void drains() {
        start();
        Command client(python_executable(), {"-c", kClient, port_}, {});
        EXPECT_EQ(report().wait("request"), "None");
        EXPECT_EQ(control(kStop), 0U);
        wait_for(SERVICE_STOP_PENDING);
        report().permit("answer");
        EXPECT_EQ(client.wait(), 0U) << client.output();
        EXPECT_NE(client.output().find("hello"), std::string::npos) << client.output();
        EXPECT_EQ(wait_for_stopped(), kSuccess);
    }

private:
    std::string port_;
};

TEST(WebPrograms, UvicornListensWhenRunningAndDrains) {
    WebService service("asgi", "application", "18241", {"uvicorn", "click", "h11"});
    service.drains();
    EXPECT_EQ(service.report().wait("lifespan ended"), "None");
}

TEST(WebPrograms, HypercornListensWhenRunningAndDrains) {
    WebService service("asgi", "application", "18242",
                       {"hypercorn", "h11", "h2", "hpack", "hyperframe", "priority", "wsproto"});
    service.drains();
    EXPECT_EQ(service.report().wait("lifespan ended"), "None");
}

TEST(WebPrograms, WaitressListensWhenRunningAndDrains) {
    WebService service("wsgi", "wsgi_application", "18243", {"waitress"});
    service.drains();
}

TEST(WebPrograms, MissingServerIsNamedWithWhatInstallsIt) {
    WebService service("asgi", "application", "18244", {});
    EXPECT_NE(service.start_and_wait_for_end(), kSuccess);
    EXPECT_TRUE(service.log().contains("-m pip install uvicorn"));
}

}  // namespace
}  // namespace pysvc::test
