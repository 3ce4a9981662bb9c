// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "tests/unit/commands/recording_ports.hpp"
#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using fakes::RecordingPorts;
using test::FakeFileProbe;

const std::string kExe = R"(C:\Program Files\PythonService)";
const std::string kBase = R"(C:\Python313)";
const std::string kPerUser = R"(C:\Users\joe\AppData\Local\Programs\Python\Python313)";

/// The commands of a Windows machine on which only the searched files are invented.
class Doctor : public testing::Test {
protected:
    Doctor() {
        probe_.add_engine(kExe, 13);
        probe_.add_installation(kBase, 13);
        probe_.add_installation(kPerUser, 13);
        probe_.variables["PUBLIC"] = R"(C:\Users\Public)";
        fake_.ports.folders.directory = kExe;
        fake_.ports.trace_python = [this](const LocateRequest& request) { return trace_python(request, probe_); };
        fake_.ports.request_of_service = [this](const std::string& service) {
            LocateRequest request;
            request.python = read_text(fake_.registry, parameters_key(service), "Python").value_or("");
            request.python_origin = kStoredPython;
            request.script_directory = R"(D:\app)";
            request.exe_directory = kExe;
            return request;
        };
    }

    void install(const std::string& service, const std::string& python, const std::string& account = "LocalSystem") {
        fake_.scm.add(service).setup.account = account;
        ASSERT_TRUE(write_text(fake_.registry, python_class_key(service), "", "m.Class"));
        ASSERT_TRUE(write_text(fake_.registry, parameters_key(service), "Python", python));
    }

    /// The exit code; what was printed is in out() and err().
    int run(const std::string& subject, bool json = false) {
        fake_.output.out.clear();
        fake_.output.err.clear();
        return finish(doctor_command({subject, json}, fake_.ports), fake_.output);
    }

    void expect_in(const std::string& text, const std::vector<std::string>& parts) {
        std::size_t at = 0;
        for (const std::string& part : parts) {
            const std::size_t found = text.find(part, at);
            ASSERT_NE(found, std::string::npos) << part << " is not (in this order) in\n" << text;
            at = found + part.size();
        }
    }

    RecordingPorts fake_;
    FakeFileProbe probe_;
};

TEST_F(Doctor, ShowsEverySourceOfAServiceStartAndTheChoice) {
    install("backup", kBase + "\\python.exe");
    EXPECT_EQ(run("backup"), 0);
    expect_in(
        fake_.output.out,
        {"Python for 'backup', by the rules of a service start", "account: LocalSystem", R"(1. Parameters\Python)",
         R"(chosen: Python 3.13, full installation, C:\Python313\python.exe)", "2. the active environment: not asked",
         "3. an environment near the script", R"(D:\app\pyvenv.cfg: nothing there)",
         "4. an environment near PythonService", R"(C:\Program Files\PythonService\.venv\pyvenv.cfg: nothing there)",
         "5. a Python in the folder", "6. the Python in whose site-packages", "7. Pythons of this machine", "no Python",
         R"(chosen: C:\Python313\python.exe)", R"(why: named by Parameters\Python)", R"(prefix: C:\Python313)",
         R"(library: C:\Python313\python313.dll)", "servicemanager.cp313-win_amd64.pyd",
         R"(sys.path: C:\Python313\Lib)"});
    EXPECT_EQ(fake_.output.err, "");
}

TEST_F(Doctor, RefusalHasItsReasonAndItsExitCode) {
    probe_.add(R"(C:\Python313\python313.dll)", test::dll_head(FakeFileProbe::kX86));
    install("backup", kBase);
    EXPECT_EQ(run("backup"), 193);
    expect_in(fake_.output.out, {R"(1. Parameters\Python)", "refused, and no other is taken", "x86 (32-bit)"});
    EXPECT_EQ(fake_.output.out.find("\nchosen: "), std::string::npos);
    expect_in(fake_.output.err, {"error: the Python DLL is for another processor architecture", "next step:"});
}

TEST_F(Doctor, SubjectThatIsNotInstalledIsJudgedByTheRulesOfInstall) {
    probe_.variables["VIRTUAL_ENV"] = kBase;
    EXPECT_EQ(run(fake_.script), 0);
    expect_in(fake_.output.out, {"by the rules of install and debug", "VIRTUAL_ENV = " + kBase, "chosen: Python 3.13"});
    EXPECT_EQ(fake_.output.out.find("account"), std::string::npos);
}

TEST_F(Doctor, WithoutASubjectTheCurrentFolderIsExamined) {
    fake_.ports.folders.current = R"(D:\app)";
    probe_.add_environment(R"(D:\app\.venv)", kBase, "3.13.5");
    EXPECT_EQ(run(""), 0);
    expect_in(fake_.output.out, {R"(Python for 'D:\app')", "virtual environment"});
}

TEST_F(Doctor, SaysWhatInstallWouldChooseNow) {
    install("backup", kBase);
    probe_.add_environment(R"(D:\app\.venv)", kBase, "3.13.5");
    EXPECT_EQ(run("backup"), 0);
    expect_in(fake_.output.out,
              {"usable, not needed: Python 3.13, virtual environment", "chosen: C:\\Python313\\python.exe",
               R"(if it were installed anew from here: D:\app\.venv\Scripts\python.exe)"});
    install("backup", R"(D:\app\.venv\Scripts\python.exe)");
    EXPECT_EQ(run("backup"), 0);
    EXPECT_EQ(fake_.output.out.find("installed anew"), std::string::npos);
}

TEST_F(Doctor, WarnsOfAPythonInSomebodysProfile) {
    install("backup", kPerUser, "NT AUTHORITY\\LocalService");
    EXPECT_EQ(run("backup"), 0);
    expect_in(fake_.output.err,
              {"warning:", R"('C:\Users\joe')", "'NT AUTHORITY\\LocalService' may not read", "next step"});
    install("backup", kPerUser, "LocalSystem");
    EXPECT_EQ(run("backup"), 0);
    expect_in(fake_.output.err, {"warning:", "runs as LocalSystem"});
    install("backup", kPerUser, ".\\Joe");
    EXPECT_EQ(run("backup"), 0);
    EXPECT_EQ(fake_.output.err, "");
    probe_.variables["VIRTUAL_ENV"] = kPerUser;
    EXPECT_EQ(run(""), 0);
    expect_in(fake_.output.err, {"warning:", "LocalService", "virtual account"});
}

TEST_F(Doctor, JsonIsStable) {
    install("backup", kBase + "\\python.exe", "NT AUTHORITY\\LocalService");
    EXPECT_EQ(run("backup", true), 0);
    const std::string python =
        R"J({"executable": "C:\\Python313\\python.exe", "reason": "named by Parameters\\Python", "version": "3.13", )J"
        R"J("kind": "full", "prefix": "C:\\Python313", "base_executable": "C:\\Python313\\python.exe", )J"
        R"J("base_prefix": "C:\\Python313", "library": "C:\\Python313\\python313.dll", )J"
        R"J("engine": "C:\\Program Files\\PythonService\\servicemanager.cp313-win_amd64.pyd", )J"
        R"J("search_paths": ["C:\\Python313\\python313.zip", "C:\\Python313\\DLLs", "C:\\Python313\\Lib", )J"
        R"J("C:\\Python313"], "dll_directories": ["C:\\Python313"], "profile": ""})J";
    EXPECT_TRUE(fake_.output.out.starts_with(
        R"J({"subject": "backup", "rules": "service", "account": "NT AUTHORITY\\LocalService", "python": )J" + python +
        R"J(, "error": null, "sources": [{"id": "named", "title": "Parameters\\Python", "skipped": "", "candidates": )J"
        R"J([{"place": "C:\\Python313\\python.exe", "note": "", "outcome": "chosen", "python": )J" +
        python + R"J(, "error": null}]}, {"id": "active", )J"))
        << fake_.output.out;
    EXPECT_TRUE(fake_.output.out.ends_with(R"J(], "warning": "", "install_would_choose": "", "command_line_warning": "", "path_warnings": [], "exposures": []})J"
                                           "\n"))
        << fake_.output.out;
}

TEST_F(Doctor, JsonOfAFailureHasTheErrorAndTheExitCode) {
    install("backup", R"(C:\gone\python.exe)");
    EXPECT_EQ(run("backup", true), 1);
    expect_in(fake_.output.out, {R"("python": null, "error": {"error": "python-not-found", "exit_code": 1, )",
                                 R"("outcome": "refused")"});
}

TEST_F(Doctor, ShowsWhatOthersCanChange) {
    install("backup", kBase + "\\python.exe");
    fake_.ports.system = System::Windows;
    fake_.permissions.descriptors[kBase] = "O:BAD:(A;OICI;0x1301bf;;;AU)";
    fake_.permissions.descriptors[service_key("backup")] = "O:BAD:(A;;KA;;;BU)";
    ASSERT_TRUE(write_text(fake_.registry, service_key("backup"), "x", ""));
    EXPECT_EQ(run("backup"), 0);
    expect_in(fake_.output.err,
              {"warning: others can change", kBase, "the folder of Python's DLL, the standard library, a folder of DLLs",
               "to end it: icacls \"" + kBase + "\"", "warning: others can change", "HKEY_LOCAL_MACHINE", "backup"});
    EXPECT_EQ(run("backup", true), 0);
    expect_in(fake_.output.out, {R"("exposures": [{"path": "C:\\Python313", "kind": "folder")", R"("kind": "key")"});
    EXPECT_EQ(fake_.output.err, "");
}

TEST_F(Doctor, WarnsOfACommandLineWithoutQuotes) {
    install("backup", kBase + "\\python.exe");
    std::string& line = fake_.scm.installed["backup"].setup.image_path;
    line = R"(C:\my dir\host.exe --service --group "a b")";
    EXPECT_EQ(run("backup"), 0);
    expect_in(fake_.output.err, {"warning: the command line of the service is not in quotes", R"('C:\my.exe')",
                                 R"(sc.exe config backup binPath= "\"C:\my dir\host.exe\" --service --group \"a b\"")"});
    EXPECT_EQ(run("backup", true), 0);
    expect_in(fake_.output.out, {R"("command_line_warning": "the command line)"});
    for (const char* good : {R"("C:\my dir\host.exe" --service)", R"(C:\dir\host.exe --service)"}) {
        line = good;
        EXPECT_EQ(run("backup"), 0);
        EXPECT_EQ(fake_.output.err, "") << good;
    }
}

TEST_F(Doctor, WarnsOfTheProgramOfAnotherThatOthersCanChange) {
    install("backup", kBase + "\\python.exe");
    fake_.ports.system = System::Windows;
    fake_.scm.installed["backup"].setup.image_path = R"("D:\tools\other.exe")";
    fake_.permissions.descriptors[R"(D:\tools\other.exe)"] = "O:BAD:(A;;FA;;;WD)";
    EXPECT_EQ(run("backup"), 0);
    expect_in(fake_.output.err, {R"(D:\tools\other.exe)", "the program", "S-1-1-0 may write to it"});
}

TEST_F(Doctor, WarnsOfPathsThatAreNotLocal) {
    install("backup", kBase + "\\python.exe");
    ASSERT_TRUE(write_text(fake_.registry, parameters_key("backup"), "LogDirectory", "/mapped/logs"));
    fake_.refused_path = "mapped";
    EXPECT_EQ(run("backup"), 0);
    expect_in(fake_.output.err, {"warning: the log: '", "mapped", "is refused"});
    EXPECT_EQ(run("backup", true), 0);
    expect_in(fake_.output.out, {R"("path_warnings": ["the log: ')"});
}

TEST_F(Doctor, UnknownServiceIs1060) { EXPECT_EQ(run("nosuchservice"), 1060); }

}  // namespace
}  // namespace pysvc
