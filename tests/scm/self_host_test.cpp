// SPDX-License-Identifier: MIT
// The module in python.exe: scripts that host their service themselves, and what it says when no SCM has started them.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/self_hosting.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

// ---- as a service ---------------------------------------------------------------------------------------------------

class SelfHosted : public ::testing::Test {
protected:
    /// The service of self_hosting.py's class `how`.
    void host(const std::string& how) {
        service_.set_command_line(self_hosting_line(service_.report(), how, {service_.name()}));
    }
    std::string told(const std::string& what) { return service_.report().wait(what); }

    TestService service_{""};
};

TEST_F(SelfHosted, ServiceRunsAndStopsAndTheScriptGoesOn) {
    host("Service");
    service_.start({"one", "zw\xC3\xB6lf"});
    const Process process = service_.process();
    EXPECT_EQ(told("args"), "('" + service_.name() + "', 'one', 'zw\\xf6lf')");
    EXPECT_NE(told("module").find("PythonService"), std::string::npos) << "pywin32's module was found first";
    EXPECT_EQ(told("main thread"), "True");
    EXPECT_EQ(told("RunningAsService"), "True");
    EXPECT_EQ(service_.stop(), kSuccess);
    EXPECT_EQ(process.wait_for_end(), 0u);
    EXPECT_EQ(service_.report().values("SvcStop").size(), 1u);
    EXPECT_TRUE(service_.report().has("dispatcher returned"));
}

TEST_F(SelfHosted, ServiceStartsAgainAndAgain) {
    host("Service");
    for (int i = 0; i < 3; ++i) {
        service_.start();
        EXPECT_EQ(service_.stop(), kSuccess);
    }
    service_.report().wait_for_count("dispatcher returned", 3);
}

TEST_F(SelfHosted, SignalsAndAsyncioWorkInTheMainThread) {
    host("Asyncio");
    service_.start();
    EXPECT_EQ(told("signal"), "True");
    EXPECT_EQ(told("loop"), "'ProactorEventLoop'");
    EXPECT_EQ(told("answer"), "b'the answer to a question\\n'");
    EXPECT_EQ(service_.stop(), kSuccess);
    EXPECT_EQ(service_.report().values("ended").size(), 1u);
}

TEST_F(SelfHosted, ClassThatRaisesIsAServiceSpecificErrorAndTheScriptGoesOn) {
    host("Raising");
    EXPECT_EQ(service_.start_and_wait_for_end(), specific(0x20000001));
    (void)told("dispatcher returned");
}

// ---- on a console ---------------------------------------------------------------------------------------------------

/// What a program prints that has our module in front of pywin32's.
std::string printed(const std::string& program, std::vector<std::string> options = {}) {
    options.emplace_back("-c");
    options.push_back("import sys; sys.path.insert(0, r'" + text_of(program_folder()) + "')\n" + program);
    Command python(python_executable(), options, {});
    EXPECT_EQ(python.wait(), 0u) << python.output();
    std::string text = python.output();
    std::erase(text, '\r');
    return text;
}

/// Catches what StartServiceCtrlDispatcher raises, as scripts do to print their usage.
constexpr char kTryDispatcher[] = R"(
import servicemanager
servicemanager.Initialize()
servicemanager.PrepareToHostSingle(object)
try:
    servicemanager.StartServiceCtrlDispatcher()
except Exception as error:
    print(error.winerror, error.funcname, error.args == (error.winerror, error.funcname, error.strerror),
          type(error).__module__, type(error).__name__, len(error.strerror) > 0)
    refusal = error
)";
constexpr char kRefused[] = "1063 StartServiceCtrlDispatcher True pywintypes error True\n";

TEST(ServiceOptionOnAConsole, SaysThatNoScmHasStartedIt) {
    Command command({"--service"});
    EXPECT_EQ(command.wait(), static_cast<DWORD>(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT));
    EXPECT_NE(command.output().find("use PythonService debug"), std::string::npos) << command.output();
}

TEST(SelfHostedOnAConsole, DispatcherRaisesPywintypesError1063) {
    const std::string program = std::string(kTryDispatcher) + R"(
import pywintypes
print(type(refusal) is pywintypes.error)
)";
    EXPECT_EQ(printed(program), std::string(kRefused) + "True\n");
}

TEST(SelfHostedOnAConsole, WithoutPywin32TheErrorLooksTheSame) {
    const std::string program = std::string(R"(
try:
    import pywintypes
    print("pywin32 is here")
except ImportError:
    pass
)") + kTryDispatcher;
    EXPECT_EQ(printed(program, {"-I", "-S"}), kRefused);
}

TEST(SelfHostedOnAConsole, DebuggingSendsEventsToTheConsole) {
    EXPECT_EQ(printed(R"(
import servicemanager
print(servicemanager.Debugging(), servicemanager.Debugging(True), servicemanager.Debugging(),
      servicemanager.RunningAsService(), flush=True)
servicemanager.LogInfoMsg("on the console")
servicemanager.PrepareToHostSingle(object)
print(servicemanager.RegisterServiceCtrlHandler("any name", print, True))
)"),
              "False False True False\nInfo 0x400000FF - on the console\nNone\n");
}

TEST(SelfHostedOnAConsole, DebugServiceRunsTheClass) {
    const std::string text = printed(R"(
import threading
import win32event, win32service, win32serviceutil
class Service(win32serviceutil.ServiceFramework):
    _svc_name_ = "PySvcTest debugged"
    def __init__(self, args):
        super().__init__(args)
        self.stopped = threading.Event()
    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        self.stopped.set()
    def SvcDoRun(self):
        threading.Thread(target=self.SvcStop).start()
        print("stopped", self.stopped.wait(60), flush=True)
win32serviceutil.DebugService(Service, ["PySvcTest debugged"])
print("done")
)");
    EXPECT_NE(text.find("stopped True\n"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("done\n")) << text;
}

TEST(SelfHostedOnAConsole, NamesAreHostedOnceAndOneWayOnly) {
    EXPECT_EQ(printed(R"(
import servicemanager
def attempt(call, *args):
    try:
        print(call(*args))
    except servicemanager.startup_error as error:
        print(error)
for number in range(100):
    servicemanager.PrepareToHostMultiple(f"service {number}", object)
attempt(servicemanager.PrepareToHostMultiple, "SERVICE 99", object)
attempt(servicemanager.PrepareToHostMultiple, "service 100", object)
attempt(servicemanager.PrepareToHostSingle, object)
)"),
              "PrepareToHostMultiple failed!\nNone\nPrepareToHostSingle failed!\n");
}

}  // namespace
}  // namespace pysvc::test
