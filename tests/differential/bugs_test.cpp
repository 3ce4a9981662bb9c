// SPDX-License-Identifier: MIT
// The bugs B1 to B32 of pywin32's host (pywin32.md, section 2), one test each: seen in it, and not in ours. Without a test
// are B29 and B31, which are in pywin32's own Python modules; they are used as they are.
#include "tests/differential/host_run.hpp"
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/console.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// What is seen in pywin32's host must be the bug itself, and in ours what people expect.
void expect_fixed(const std::string& pywin32, const std::string& here, const std::function<std::string(HostRun&)>& see) {
    for (const Host host : {Host::Pywin32, Host::Here}) {
        SCOPED_TRACE(name_of(host));
        HostRun run(host);
        EXPECT_EQ(see(run), host == Host::Pywin32 ? pywin32 : here);
    }
}

std::string text_of(const Ended& ended) {
    std::ostringstream text;
    text << ended;
    return text.str();
}

/// How long something is waited for that a bug keeps from happening: the right host has all the time it wants.
std::chrono::milliseconds patience(const HostRun& run) { return run.is_here() ? std::chrono::milliseconds(kPatience) : 1s; }

/// Starts the class, waits for one report of it, and stops it.
std::string report_of(HostRun& run, const std::string& class_string, const std::string& key) {
    run.host_class(class_string);
    run.start();
    const std::string value = run.report().wait(key);
    EXPECT_EQ(run.stop(), kSuccess);
    return value;
}

/// Runs a scene of self_hosted.py outside of the SCM.
std::string scene(HostRun& run, const std::string& name, const std::string& key) {
    Command command(python_executable(), run.script_arguments("self_hosted.py", {name}), run.folder());
    EXPECT_EQ(command.wait(), 0u) << command.output();
    return run.report().wait(key);
}

/// Whether the class lives on after what it does between "before" and "survived".
std::string survival(HostRun& run, const std::string& class_string) {
    run.host_class(class_string);
    static_cast<void>(run.service().try_start());
    (void)run.report().wait("before");
    const bool survived = wait_until([&] { return run.report().has("survived"); }, patience(run));
    if (survived) static_cast<void>(run.stop());
    return survived ? "survives" : "dies";
}

TEST(Bugs, B01_MissingPythonDllIsNotSaid) {
    expect_fixed("fails to start, events: none", "starts, events: 1 0xC0002030", [](HostRun& run) {
        const fs::path lonely = run.folder() / L"lonely";
        fs::create_directories(lonely);
        fs::copy_file(executable_of(run.host()), lonely / executable_of(run.host()).filename());
        run.host_class("life.RunReturns");
        if (!run.is_here()) run.set_image(SERVICE_WIN32_OWN_PROCESS, test::text_of(lonely / L"pythonservice.exe"));
        run.service().set("Python", test::text_of(lonely / L"python.exe"));
        const std::string start = run.service().try_start() == 0 ? "starts" : "fails to start";
        EXPECT_NE(run.service().wait_for_stopped(), kSuccess);
        return start + ", events: " + run.host_events();
    });
}

TEST(Bugs, B02_InterpreterStartsBeforeTheScmIsAnswered) {
    const fs::path hook = site_packages() / L"pysvc_contract_hook.pth";
    expect_fixed("StartService waits", "StartService returns", [&](HostRun& run) {
        write_file(hook, "import sys; sys.path.append(r'" + test::text_of(run.folder()) + "'); import site_hook\n");
        run.host_class("life.RunReturns");
        auto started = run.start_beside();
        (void)run.report().wait("site");
        const bool returned = started.wait_for(patience(run)) == std::future_status::ready;
        run.report().permit("site");
        EXPECT_EQ(started.get(), 0u);
        EXPECT_EQ(run.service().wait_for_stopped(), kSuccess);
        fs::remove(hook);
        return std::string(returned ? "StartService returns" : "StartService waits");
    });
}

TEST(Bugs, B03_ConstructorRunsBeforeTheFirstStatus) {
    expect_fixed("StartService waits", "START_PENDING with a checkpoint", [](HostRun& run) {
        run.host_class("life.WaitsInConstructor");
        auto started = run.start_beside();
        (void)run.report().wait("constructing");
        const bool returned = started.wait_for(patience(run)) == std::future_status::ready;
        // Nothing else can be asked while Wine's SCM waits.
        const auto status = returned ? run.service().status() : SERVICE_STATUS_PROCESS{};
        const bool pending = status.dwCurrentState == SERVICE_START_PENDING && status.dwCheckPoint != 0;
        run.report().permit("constructor");
        run.report().permit("run");
        EXPECT_EQ(started.get(), 0u);
        run.service().wait_for(SERVICE_RUNNING);
        EXPECT_EQ(run.stop(), kSuccess);
        return std::string(pending ? "START_PENDING with a checkpoint" : returned ? "no checkpoint" : "StartService waits");
    });
}

TEST(Bugs, B04_StartupErrorIsASecondObject) {
    expect_fixed("1 0xC000000A", "none", [](HostRun& run) {
        run.host_class("life.ConstructorRaisesStartupError");
        EXPECT_EQ(run.run_to_its_end(), specific(1));
        return run.host_events();
    });
}

TEST(Bugs, B05_PrepareToHostSingleTakesNoneForAClass) {
    for (const char* const argument : {"", "None"}) {
        expect_fixed(text_of(specific(1)), text_of(kSuccess), [&](HostRun& run) {
            run.host_class("life.RunReturns");
            run.host_script("self_hosted.py", *argument == '\0' ? std::vector<std::string>{"from_registry"}
                                                                : std::vector<std::string>{"from_registry", argument});
            return text_of(run.run_to_its_end());
        });
    }
}

TEST(Bugs, B06_MissingClassStringIsUsedAllTheSame) {
    expect_fixed("goes on after the event", "stops with the event", [](HostRun& run) {
        run.host_class("life.RunReturns");
        run.service().remove_class_value();
        EXPECT_NE(run.run_to_its_end(), kSuccess);
        const std::string events = run.host_events();
        EXPECT_TRUE(events.starts_with("1 0xC00000F4")) << events;
        return std::string(events.find(',') == events.npos ? "stops with the event" : "goes on after the event");
    });
}

TEST(Bugs, B07_UnknownNameNeverStops) {
    expect_fixed("does not stop", "stops", [](HostRun& run) {
        run.host_script("self_hosted.py", {"other_name"});
        auto started = run.start_beside();
        const std::string process = run.report().wait("process");
        EXPECT_TRUE(wait_until([&] { return run.host_events() == "1 0xC0000006"; })) << run.host_events();
        bool stopped = started.wait_for(patience(run)) == std::future_status::ready;
        stopped = stopped && wait_until([&] { return run.service().state() == SERVICE_STOPPED; }, patience(run));
        if (!stopped) HostRun::kill(std::stoul(process));
        static_cast<void>(started.get());
        return std::string(stopped ? "stops" : "does not stop");
    });
}

TEST(Bugs, B08_ServiceWithoutHandlerCannotBeStopped) {
    expect_fixed("goes on", "stops", [](HostRun& run) {
        run.host_class("bugs.NoHandlerRuns");
        static_cast<void>(run.service().try_start());
        (void)run.report().wait("running");
        const DWORD process = run.service().status().dwProcessId;
        static_cast<void>(run.service().control(SERVICE_CONTROL_STOP));
        const bool stopped = wait_until([&] { return run.service().state() == SERVICE_STOPPED; }, patience(run));
        if (!stopped) HostRun::kill(process);
        return std::string(stopped ? "stops" : "goes on");
    });
}

TEST(Bugs, B09_ServiceDoesNotRunInTheMainThread) {
    expect_fixed("True", "False", [](HostRun& run) { return report_of(run, "bugs.Signals", "signal raises"); });
}

TEST(Bugs, B10_InterpreterIsNotFinalized) {
    expect_fixed("no atexit", "atexit", [](HostRun& run) {
        run.host_class("life.Atexit");
        run.start();
        EXPECT_EQ(run.stop(), kSuccess);
        return std::string(run.report().has("atexit ran") ? "atexit" : "no atexit");
    });
}

TEST(Bugs, B11_FinalizeLeavesTheTables) {
    expect_fixed("False", "True", [](HostRun& run) { return scene(run, "finalized", "prepared again"); });
}

TEST(Bugs, B11_RefusedHandlerIsNotKept) {
    HostRun run(Host::Here);
    EXPECT_EQ(scene(run, "refused_handler", "kept"), "False");
}

TEST(Bugs, B12_SystemExitIsAlwaysAFailure) {
    expect_fixed(text_of(specific(0x20000001)), text_of(kSuccess), [](HostRun& run) {
        run.host_class("life.RunExits0");
        return text_of(run.run_to_its_end());
    });
}

TEST(Bugs, B13_RunningAsServiceIsNeverTakenBack) {
    expect_fixed("True", "False", [](HostRun& run) {
        run.host_script("self_hosted.py", {"after_the_services"});
        run.start();
        EXPECT_EQ(run.stop(), kSuccess);
        return run.report().wait("running as service");
    });
}

TEST(Bugs, B14_TenServicesAtMost) {
    expect_fixed("10", "101", [](HostRun& run) { return scene(run, "many_names", "PrepareToHostMultiple/how many fit"); });
}

TEST(Bugs, B15_LongClassStringIsRefused) {
    std::string name;
    for (int i = 0; i < 40; ++i) name += "LongName";
    expect_fixed(text_of(specific(1)), text_of(kSuccess), [&](HostRun& run) {
        run.host_class("bugs." + name);
        return text_of(run.run_to_its_end());
    });
}

TEST(Bugs, B15_ExpandableClassStringIsRefused) {
    expect_fixed(text_of(specific(1)), text_of(kSuccess), [&](HostRun& run) {
        run.host_class("life.RunReturns");
        std::string folder = test::text_of(run.folder());
        EXPECT_EQ(folder.substr(0, 2), environment_variable("SystemDrive"));
        folder.replace(0, 2, "%SystemDrive%");
        run.service().set_class_value(REG_EXPAND_SZ, registry::units_of(folder + "\\life.RunReturns"));
        return text_of(run.run_to_its_end());
    });
}

TEST(Bugs, B16_LongSourceNameOverrunsTheStack) {
    expect_fixed("dies", "survives", [](HostRun& run) { return survival(run, "bugs.LongSource"); });
    registry::remove(registry::event_source_key(std::string(220, 's')));
}

TEST(Bugs, B17_RegistryErrorHasAnotherText) {
    expect_fixed("another error", "the error", [](HostRun& run) {
        run.host_class("life.RunReturns");
        run.service().remove_class_value();
        EXPECT_NE(run.run_to_its_end(), kSuccess);
        const auto events = run.events();
        const std::string text = events.empty() || events.front().inserts.empty() ? "" : events.front().inserts.back();
        // ERROR_FILE_NOT_FOUND, by its text or as our own words for it.
        const bool right = text.find("File not found") != text.npos || text.find("PythonClass") != text.npos;
        return std::string(right ? "the error" : "another error");
    });
}

TEST(Bugs, B18_LogMsgWithoutInsertsCrashes) {
    expect_fixed("dies", "survives", [](HostRun& run) { return survival(run, "bugs.TwoArguments"); });
}

TEST(Bugs, B19_EventsHaveNoCategory) {
    expect_fixed("no category", "a category", [](HostRun& run) {
        run.host_class("import_fails.Service");
        EXPECT_NE(run.run_to_its_end(), kSuccess);
        const auto events = run.events();
        EXPECT_EQ(events.size(), 1u);
        return std::string(!events.empty() && events.front().category != 0 ? "a category" : "no category");
    });
}

TEST(Bugs, B20_TracebackHasNoCause) {
    expect_fixed("without the cause", "with the cause", [](HostRun& run) {
        run.host_class("bugs.RaisesChained");
        EXPECT_EQ(run.run_to_its_end(), specific(0x20000001));
        const auto events = run.events();
        const std::string text = events.empty() || events.front().inserts.empty() ? "" : events.front().inserts.front();
        // Wine's trace cuts inserts; the cause comes first in what is left.
        return std::string(text.find("the cause") != text.npos ? "with the cause" : "without the cause");
    });
}

TEST(Bugs, B21_DebugOutputLosesText) {
    provide_console();
    expect_fixed("lost", "shown", [](HostRun& run) {
        run.host_class("bugs.DebugShows");
        Command command(executable_of(run.host()), {"-debug", run.service().name()}, {});
        (void)command.wait();
        const bool shown = command.output().find("Gr\xC3\xBC\xC3\x9F" "e \xE6\x9C\x8D\xE5\x8A\xA1") != std::string::npos;
        return std::string(shown ? "shown" : "lost");
    });
}

TEST(Bugs, B22_EventSourceIsOverwritten) {
    expect_fixed("overwritten", "left alone", [](HostRun& run) {
        const std::string key = registry::event_source_key(run.service().name());
        registry::write_text(key, "EventMessageFile", "C:\\own messages.dll");
        (void)report_of(run, "bugs.Logs", "logged");
        const bool kept = registry::read_text(key, "EventMessageFile").value_or("") == "C:\\own messages.dll";
        return std::string(kept ? "left alone" : "overwritten");
    });
}

TEST(Bugs, B23_CurrentFolderCannotBeChosen) {
    expect_fixed("another folder", "the folder", [](HostRun& run) {
        run.service().set("WorkingDirectory", test::text_of(run.folder()));
        const std::string folder = report_of(run, "bugs.CurrentFolder", "folder");
        return std::string(folder.find(test::text_of(run.folder().filename())) != folder.npos ? "the folder" : "another folder");
    });
}

TEST(Bugs, B24_EnvironmentCannotBeChosen) {
    expect_fixed("another prefix", "the environment", [](HostRun& run) {
        const fs::path environment = run.folder() / L"environment";
        fs::create_directories(environment / L"Scripts");
        fs::create_directories(environment / L"Lib" / L"site-packages");
        fs::copy_file(python_executable(), environment / L"Scripts" / L"python.exe");
        write_file(environment / L"pyvenv.cfg", "home = " + test::text_of(python_executable().parent_path()) +
                                                    "\ninclude-system-site-packages = true\nversion = 3.13.5\n");
        run.service().set("Python", test::text_of(environment / L"Scripts" / L"python.exe"));
        const std::string prefix = report_of(run, "bugs.Prefix", "prefix");
        return std::string(prefix.find("environment") != prefix.npos ? "the environment" : "another prefix");
    });
}

TEST(Bugs, B25_DeprecatedInitialization) {
    expect_fixed("deprecated", "PyConfig", [](HostRun& run) {
        std::string code = read_file(executable_of(run.host()));
        if (run.is_here()) code += read_file(program_folder() / L"servicemanager.cp313-win_amd64.pyd");
        bool deprecated = false;
        for (const char* name : {"Py_SetProgramName", "Py_SetPythonHome", "Py_SetPath", "PySys_SetArgv"}) {
            deprecated = deprecated || code.find(name) != code.npos;
        }
        if (!deprecated) {
            EXPECT_NE(code.find("Py_InitializeFromConfig"), code.npos);
        }
        return std::string(deprecated ? "deprecated" : "PyConfig");
    });
}

TEST(Bugs, B26_GlobalDataHasNoLocks) {
    // pywin32's host has no free-threaded build in which it could be seen.
    HostRun run(Host::Here);
    Command command(python_executable(), run.script_arguments("self_hosted.py", {"many_threads"}), run.folder());
    EXPECT_EQ(command.wait(), 0u) << command.output();
    EXPECT_EQ(run.report().wait("failures"), "[]");
    std::size_t events = 0;
    const std::string output = command.output();
    for (auto at = output.find(" 0xF000 - "); at != output.npos; at = output.find(" 0xF000 - ", at + 1)) ++events;
    EXPECT_EQ(events, 200u) << output.substr(0, 500);
}

TEST(Bugs, B27_ControlHandlerWaitsForTheGil) {
    expect_fixed("the sender waits", "answered", [](HostRun& run) {
        run.host_class("bugs.HoldsTheGil");
        run.start();
        (void)run.report().wait("holding");
        auto stopping = std::async(std::launch::async, [&] { return run.service().control(SERVICE_CONTROL_STOP); });
        const bool answered = stopping.wait_for(patience(run)) == std::future_status::ready;
        const win::UniqueHandle gil(OpenEventW(EVENT_MODIFY_STATE, FALSE, L"PySvcContract-gil"));
        EXPECT_TRUE(SetEvent(gil.get())) << "error " << GetLastError();
        EXPECT_EQ(stopping.get(), 0u);
        EXPECT_EQ(run.service().wait_for_stopped(), kSuccess);
        return std::string(answered ? "answered" : "the sender waits");
    });
}

TEST(Bugs, B28_NoStandardStreams) {
    expect_fixed("False", "True", [](HostRun& run) { return report_of(run, "bugs.Writes", "write"); });
}

TEST(Bugs, B30_InterrogateEndsAPause) {
    expect_fixed("RUNNING", "PAUSED", [](HostRun& run) {
        run.host_class("bugs.Paused");
        run.start();
        EXPECT_EQ(run.service().control(SERVICE_CONTROL_PAUSE), 0u);
        run.service().wait_for(SERVICE_PAUSED);
        EXPECT_EQ(run.service().control(SERVICE_CONTROL_INTERROGATE), 0u);
        // Controls arrive in their order: what INTERROGATE does is done when the next one is there.
        EXPECT_EQ(run.service().control(128), 0u);
        (void)run.report().wait("told 128");
        const DWORD state = run.service().state();
        EXPECT_EQ(run.stop(), kSuccess);
        return std::string(state == SERVICE_PAUSED ? "PAUSED" : state == SERVICE_RUNNING ? "RUNNING" : "something else");
    });
}

TEST(Bugs, B32_StopThatHangsHangsForEver) {
    expect_fixed("goes on", "is ended", [](HostRun& run) {
        run.service().set("StopKillTimeout", 1'000);
        run.host_class("bugs.StopHangs");
        run.start();
        const DWORD process = run.service().status().dwProcessId;
        auto stopping = std::async(std::launch::async, [&] { return run.service().control(SERVICE_CONTROL_STOP); });
        (void)run.report().wait("hangs");
        const auto limit = run.is_here() ? std::chrono::milliseconds(kPatience) : 3s;
        bool ended = stopping.wait_for(limit) == std::future_status::ready;
        ended = ended && wait_until([&] { return run.service().state() == SERVICE_STOPPED; }, limit);
        if (!ended) HostRun::kill(process);
        static_cast<void>(stopping.get());
        return std::string(ended ? "is ended" : "goes on");
    });
}

}  // namespace
}  // namespace pysvc::test
