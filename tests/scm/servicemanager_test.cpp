// SPDX-License-Identifier: MIT
// The built-in module: what its functions return to Python, and what they do outside of it. One service calls them all.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace pysvc::test {
namespace {

class ServiceManager : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        service_ = std::make_unique<TestService>("functions.Functions");
        for (const std::string& source : sources()) registry::remove(registry::event_source_key(source));
        service_->start();
        (void)service_->report().wait("done");
        status_ = service_->status();
        ended_ = service_->stop();
    }
    static void TearDownTestSuite() {
        for (const std::string& source : sources()) registry::remove(registry::event_source_key(source));
        service_.reset();
    }

    static std::string source() { return service_->name() + " source"; }
    static std::vector<std::string> sources() { return {source(), source() + " later", source() + " by Initialize"}; }

    static std::string fact(const std::string& key) {
        const auto values = service_->report().values(key);
        return values.empty() ? "nothing was reported" : values.front();
    }

    static std::size_t events(std::uint32_t id, const std::string& type, const std::string& text) {
        std::size_t count = 0;
        for (const LoggedEvent& event : service_->log().events(id)) {
            count += event.type == type && event.text.find(text) != std::string::npos ? 1 : 0;
        }
        return count;
    }

    static inline std::unique_ptr<TestService> service_;
    static inline SERVICE_STATUS_PROCESS status_{};
    static inline Ended ended_;
};

TEST_F(ServiceManager, ServiceThatCallsEverythingEndsWell) {
    EXPECT_EQ(fact("done"), "None");
    EXPECT_EQ(ended_, kSuccess);
}

TEST_F(ServiceManager, LogInfoMsgIsAnInformationEvent) {
    EXPECT_EQ(fact("LogInfoMsg"), "None");
    EXPECT_EQ(events(0x400000FF, "information", "info \xE6\x9C\x8D\xE5\x8A\xA1"), 1u);
}

TEST_F(ServiceManager, LogWarningMsgIsAWarningEventWithPywin32sId) {
    EXPECT_EQ(fact("LogWarningMsg"), "None");
    EXPECT_EQ(events(0x400000FF, "warning", "warning %1 100%"), 1u);
}

TEST_F(ServiceManager, LogErrorMsgIsAnErrorEvent) {
    EXPECT_EQ(fact("LogErrorMsg"), "None");
    EXPECT_EQ(events(0xC00000FF, "error", "error Gr\xC3\xBC\xC3\x9F" "e"), 1u);
}

TEST_F(ServiceManager, LogMsgTakesTypeIdAndInserts) {
    EXPECT_EQ(fact("LogMsg"), "None");
    EXPECT_EQ(events(0x40001002, "information", "A service"), 1u);
    EXPECT_EQ(events(0x40001002, "information", "(suffix)"), 1u);
    EXPECT_EQ(fact("LogMsg list"), "None");
    EXPECT_EQ(events(0xF000, "information", "a list"), 1u);
    EXPECT_EQ(fact("LogMsg unsigned"), "None");
    EXPECT_EQ(events(0xC000F000, "error", "an error"), 1u);
    EXPECT_EQ(fact("LogMsg without inserts"), "None");
    EXPECT_EQ(events(0x1234, "warning", ""), 1u);
    EXPECT_EQ(fact("LogMsg None"), "None");
    EXPECT_EQ(events(0x1235, "information", ""), 1u);
}

TEST_F(ServiceManager, LogFunctionsRefuseWhatIsNoText) {
    EXPECT_EQ(fact("LogMsg no sequence"), "'TypeError'");
    EXPECT_EQ(fact("LogMsg no str"), "'TypeError'");
    EXPECT_EQ(fact("LogInfoMsg bytes"), "'TypeError'");
}

TEST_F(ServiceManager, LongMessagesAreCutInTheMiddleAndNulsAreShown) {
    EXPECT_EQ(fact("LogInfoMsg long"), "None");
    const auto& all = service_->log().events(0x400000FF);
    const auto has = [&](const std::string& first, const std::string& second) {
        for (const LoggedEvent& event : all) {
            if (event.text.find(first) != event.text.npos && event.text.find(second) != event.text.npos) return true;
        }
        return false;
    };
    EXPECT_TRUE(has("begin xxx", "xxx end"));
    EXPECT_EQ(fact("LogInfoMsg NUL"), "None");
    EXPECT_TRUE(has("before\\x00after", "")) << service_->log().text().substr(0, 4000);
}

TEST_F(ServiceManager, SetEventSourceNameWritesTheRegistrationAtOnce) {
    EXPECT_EQ(fact("SetEventSourceName"), "None");
    const std::string key = registry::event_source_key(source());
    const std::string file = text_of(program_folder() / L"PythonServiceMessages.dll");
    EXPECT_EQ(registry::read_text(key, "EventMessageFile").value_or(""), file);
    EXPECT_EQ(registry::read_text(key, "CategoryMessageFile").value_or(""), file);
    EXPECT_EQ(registry::read_number(key, "TypesSupported").value_or(0), 7u);
    EXPECT_EQ(registry::read_number(key, "CategoryCount").value_or(0), 5u);
}

TEST_F(ServiceManager, SetEventSourceNameAloneWritesNothing) {
    EXPECT_EQ(fact("SetEventSourceName later"), "None");
    EXPECT_FALSE(registry::exists(registry::event_source_key(source() + " later")));
    EXPECT_EQ(fact("SetEventSourceName bytes"), "'TypeError'");
}

TEST_F(ServiceManager, InitializeNamesSourceAndMessageFile) {
    EXPECT_EQ(fact("Initialize"), "None");
    EXPECT_EQ(fact("Initialize None"), "None");
    const std::string key = registry::event_source_key(source() + " by Initialize");
    EXPECT_EQ(registry::read_text(key, "EventMessageFile").value_or("the first event wrote nothing"),
              R"(C:\own messages.dll)");
    EXPECT_EQ(registry::read_text(key, "CategoryMessageFile").value_or(""),
              text_of(program_folder() / L"PythonServiceMessages.dll"));
}

TEST_F(ServiceManager, FinalizeReturnsNone) { EXPECT_EQ(fact("Finalize"), "None"); }

TEST_F(ServiceManager, RegisterServiceCtrlHandlerReturnsAHandle) {
    EXPECT_EQ(fact("RegisterServiceCtrlHandler no callable"), "'TypeError'");
    EXPECT_EQ(fact("RegisterServiceCtrlHandler"), "True");
    EXPECT_EQ(fact("same handle"), "True");
}

TEST_F(ServiceManager, CoInitializeExReturnsHresults) {
    EXPECT_EQ(fact("CoInitializeEx"), "[0, 1]");
    EXPECT_EQ(fact("CoInitializeEx other"), "-2147417850");  // RPC_E_CHANGED_MODE
    EXPECT_EQ(fact("CoUninitialize"), "[None, None]");
    EXPECT_EQ(fact("CoInitializeEx again"), "0");
}

TEST_F(ServiceManager, DebuggingReturnsTheFormerFlag) { EXPECT_EQ(fact("Debugging"), "[False, False, True, True, False]"); }

TEST_F(ServiceManager, RunningAsService) { EXPECT_EQ(fact("RunningAsService"), "True"); }

TEST_F(ServiceManager, PumpWaitingMessagesSeesWmQuit) {
    EXPECT_EQ(fact("PumpWaitingMessages"), "0");
    EXPECT_EQ(fact("PumpWaitingMessages after WM_QUIT"), "[1, 0]");
    EXPECT_EQ(fact("PumpWaitingMessages with arguments"), "0");
}

TEST_F(ServiceManager, PrepareToHostSingleIsAcceptedByHostedCode) {
    EXPECT_EQ(fact("PrepareToHostSingle class"), "None");
    EXPECT_EQ(fact("PrepareToHostSingle"), "None");
    EXPECT_EQ(fact("PrepareToHostSingle None"), "None");
}

TEST_F(ServiceManager, PrepareToHostMultipleIsRefusedInAProcessOfOneService) {
    EXPECT_EQ(fact("PrepareToHostMultiple"), "'startup_error'");
}

TEST_F(ServiceManager, StartServiceCtrlDispatcherIsRefusedToHostedCode) {
    EXPECT_EQ(fact("StartServiceCtrlDispatcher"), "('pywintypes.error', 1056)");
}

TEST_F(ServiceManager, ErrorsArePywin32sOrLookLikeThem) {
    EXPECT_EQ(fact("error is pywin32's"), "True");
    EXPECT_EQ(fact("error text is pywin32's"), "True");
    EXPECT_EQ(fact("look-alike"), "True");
    EXPECT_EQ(fact("look-alike looks alike"), "True");
}

TEST_F(ServiceManager, FileIsTheMessageFile) {
    std::string expected = "'";
    for (const char c : text_of(program_folder() / L"PythonServiceMessages.dll")) {
        expected += c == '\\' ? std::string("\\\\") : std::string(1, c);
    }
    EXPECT_EQ(fact("__file__"), expected + "'");
}

TEST_F(ServiceManager, StartupErrorIsAnException) { EXPECT_EQ(fact("startup_error"), "'Exception'"); }

TEST_F(ServiceManager, ConstantsArePywin32s) {
    EXPECT_EQ(fact("constants"),
              "{'COINIT_APARTMENTTHREADED': 2, 'COINIT_DISABLE_OLE1DDE': 4, 'COINIT_MULTITHREADED': 0, "
              "'COINIT_SPEED_OVER_MEMORY': 8, 'EVENTLOG_AUDIT_FAILURE': 16, 'EVENTLOG_AUDIT_SUCCESS': 8, "
              "'EVENTLOG_ERROR_TYPE': 1, 'EVENTLOG_INFORMATION_TYPE': 4, 'EVENTLOG_WARNING_TYPE': 2, "
              "'PYS_SERVICE_STARTED': 1073745922, 'PYS_SERVICE_STARTING': 1073745920, "
              "'PYS_SERVICE_STOPPED': 1073745924, 'PYS_SERVICE_STOPPING': 1073745923}");
}

TEST_F(ServiceManager, HasPywin32sFunctionsAndThreeOfItsOwnWithDocstrings) {
    EXPECT_EQ(fact("functions"),
              "['CoInitializeEx', 'CoUninitialize', 'Debugging', 'Finalize', 'Heartbeat', 'Initialize', 'LogErrorMsg', "
              "'LogInfoMsg', 'LogMsg', 'LogWarningMsg', 'NotifyReady', 'PrepareToHostMultiple', 'PrepareToHostSingle', "
              "'PumpWaitingMessages', 'RegisterServiceCtrlHandler', 'RunningAsService', 'SetEventSourceName', "
              "'StartServiceCtrlDispatcher', 'Watchdog']");
    EXPECT_EQ(fact("undocumented"), "[]");
}

TEST_F(ServiceManager, SetServiceStatusOfPywin32GoesThroughTheOneWriter) {
    EXPECT_EQ(fact("SetServiceStatus"), "None");
    // The accepted controls are the class's; type, checkpoint and wait hint are not its business.
    EXPECT_EQ(status_.dwControlsAccepted,
              static_cast<DWORD>(SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE));
    EXPECT_EQ(status_.dwServiceType, static_cast<DWORD>(SERVICE_WIN32_OWN_PROCESS));
    EXPECT_EQ(status_.dwCheckPoint, 0u);
    EXPECT_EQ(status_.dwWaitHint, 0u);
    EXPECT_EQ(fact("SetServiceStatus no handle"), "('pywintypes.error', 6)");
}

TEST(ServiceManagerUnderPython, OwnFileIsTheMessageTableBesideIt) {
    const std::string source = "PySvcTest own file";
    const std::string key = registry::event_source_key(source);
    registry::remove(key);
    Command script(python_executable(),
                   {text_of(services_folder() / L"own_file.py"), text_of(program_folder()), source}, {});
    EXPECT_EQ(script.wait(), 0u) << script.output();
    EXPECT_NE(script.output().find("servicemanager.cp3"), std::string::npos) << script.output();
    EXPECT_EQ(registry::read_text(key, "EventMessageFile").value_or(""),
              text_of(program_folder() / L"PythonServiceMessages.dll"));
    registry::remove(key);
}

}  // namespace
}  // namespace pysvc::test
