// SPDX-License-Identifier: MIT
#include "host/locate/locate_python.hpp"

#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pysvc {
namespace {

using test::dll_head;
using test::FakeFileProbe;

const std::string kExe = R"(C:\Program Files\PythonService)";
const std::string kBase = R"(C:\Python313)";

/// A script in D:\work\app, and a Python for each source, so that every test only takes sources away.
class LocatePython : public testing::Test {
protected:
    LocatePython() {
        probe_.add_installation(kBase, 13);
        probe_.add_engine(kExe, 13);
        request_.exe_directory = kExe;
        request_.script_directory = R"(D:\work\app)";
    }

    void environment(const std::string& directory) { probe_.add_environment(directory, kBase, "3.13.5"); }

    /// The prefix that is chosen, or the name of the failure.
    std::string chosen(LocateMode mode = LocateMode::Service) {
        request_.mode = mode;
        const auto python = locate_python(request_, probe_);
        if (!python) {
            context_ = python.error().context;
            return error_info(python.error().code).name;
        }
        reason_ = python->reason;
        return python->prefix;
    }

    FakeFileProbe probe_;
    LocateRequest request_;
    std::string context_;
    std::string reason_;
};

TEST_F(LocatePython, AnExplicitOneWinsOverEverything) {
    environment(R"(D:\work\app\.venv)");
    probe_.variables["VIRTUAL_ENV"] = R"(D:\work\app\.venv)";
    request_.python = kBase + "\\python.exe";
    request_.python_origin = R"(Parameters\Python)";
    EXPECT_EQ(chosen(LocateMode::Interactive), kBase);
    EXPECT_EQ(reason_, R"(named by Parameters\Python)");
}

TEST_F(LocatePython, ABadExplicitOneIsAnErrorEvenIfThereAreOthers) {
    environment(R"(D:\work\app\.venv)");
    request_.python = R"(C:\gone\python.exe)";
    EXPECT_EQ(chosen(), "python-not-found");
    EXPECT_NE(context_.find("named by --python"), std::string::npos);
}

TEST_F(LocatePython, TheActiveEnvironmentCountsInteractivelyOnly) {
    environment(R"(D:\active)");
    environment(R"(D:\work\app\.venv)");
    probe_.variables["VIRTUAL_ENV"] = R"(D:\active)";
    EXPECT_EQ(chosen(LocateMode::Interactive), R"(D:\active)");
    EXPECT_EQ(chosen(LocateMode::Service), R"(D:\work\app\.venv)");
}

TEST_F(LocatePython, CondaComesAfterVirtualEnv) {
    probe_.add_installation(R"(D:\conda)", 13);
    probe_.add(R"(D:\conda\conda-meta\history)");
    probe_.variables["CONDA_PREFIX"] = R"(D:\conda)";
    EXPECT_EQ(chosen(LocateMode::Interactive), R"(D:\conda)");
    environment(R"(D:\active)");
    probe_.variables["VIRTUAL_ENV"] = R"(D:\active)";
    EXPECT_EQ(chosen(LocateMode::Interactive), R"(D:\active)");
}

TEST_F(LocatePython, FindsEnvironmentsNearTheScript) {
    // The later ones come first: each is nearer than those before.
    for (const std::string directory : {R"(D:\work\venv)", R"(D:\work\.venv)", R"(D:\work)", R"(D:\work\app\venv)",
                                        R"(D:\work\app\.venv)", R"(D:\work\app)"}) {
        environment(directory);
        EXPECT_EQ(chosen(), directory);
    }
}

TEST_F(LocatePython, LooksOneParentUpAtAServiceStartAndAllTheWayInteractively) {
    environment(R"(D:\.venv)");
    EXPECT_EQ(chosen(LocateMode::Service), "python-not-found");
    EXPECT_EQ(context_.find(R"(D:\.venv)"), std::string::npos);
    EXPECT_EQ(chosen(LocateMode::Interactive), R"(D:\.venv)");
}

TEST_F(LocatePython, AnEnvironmentWithoutInterpreterIsAnError) {
    environment(R"(D:\work\app\.venv)");
    probe_.remove(R"(D:\work\app\.venv\Scripts)");
    environment(R"(D:\work\venv)");
    EXPECT_EQ(chosen(), "python-not-found");
    EXPECT_NE(context_.find(R"(D:\work\app\.venv\Scripts\python.exe)"), std::string::npos);
}

TEST_F(LocatePython, TheScriptsEnvironmentComesBeforeTheExes) {
    environment(R"(C:\Program Files)");
    EXPECT_EQ(chosen(), R"(C:\Program Files)");
    environment(R"(D:\work\app\venv)");
    EXPECT_EQ(chosen(), R"(D:\work\app\venv)");
}

TEST_F(LocatePython, ADllBesideTheExeIsTaken) {
    probe_.add_installation(kExe, 13);
    EXPECT_EQ(chosen(), kExe);
}

TEST_F(LocatePython, ADllBesideTheExeWithoutInterpreterIsAnError) {
    probe_.add(kExe + "\\python313.dll", dll_head());
    EXPECT_EQ(chosen(), "python-not-found");
    EXPECT_NE(context_.find(kExe + "\\python.exe"), std::string::npos);
}

TEST_F(LocatePython, TheOwnerOfSitePackagesIsTaken) {
    request_.exe_directory = kBase + R"(\Lib\site-packages\win32)";
    probe_.add_engine(request_.exe_directory, 13);
    EXPECT_EQ(chosen(), kBase);
    request_.exe_directory = R"(E:\v\Lib\site-packages\win32)";
    probe_.add_engine(request_.exe_directory, 13);
    environment(R"(E:\v)");
    EXPECT_EQ(chosen(), R"(E:\v)");
}

TEST_F(LocatePython, RegisteredOnesComeLastAndTheUsersInteractivelyOnly) {
    probe_.user_pythons = {{"HKCU", "PythonCore", "3.13", "64bit", kBase + "\\python.exe", "3.13"}};
    EXPECT_EQ(chosen(LocateMode::Service), "python-not-found");
    EXPECT_EQ(chosen(LocateMode::Interactive), kBase);
    probe_.machine_pythons = probe_.user_pythons;
    EXPECT_EQ(chosen(LocateMode::Service), kBase);
}

TEST_F(LocatePython, RegisteredOnesAreRankedAndBadOnesPassedOver) {
    probe_.add_installation(R"(C:\Python310)", 10);
    probe_.add_installation(R"(C:\Other)", 13);
    probe_.add_engine(kExe, 10);
    probe_.machine_pythons = {
        {"HKLM a", "PythonCore", "3.10", "64bit", R"(C:\Python310)", "3.10"},
        {"HKLM b", "PythonCore", "3.9", "64bit", R"(C:\gone)", "3.9"},
        {"HKLM c", "Other", "3.99", "64bit", R"(C:\Other)", "3.99"},
        {"HKLM d", "PythonCore", "3.14-32", "32bit", R"(C:\Python314-32)", "3.14"},
        {"HKLM e", "PythonCore", "3.14", "64bit", R"(C:\gone314)", "3.14"},
        {"HKLM f", "PythonCore", "3.13", "64bit", kBase, "3.13"},
    };
    EXPECT_EQ(chosen(), kBase);
    probe_.remove(kBase);
    EXPECT_EQ(chosen(), R"(C:\Python310)");
    EXPECT_EQ(reason_, "registered as HKLM a");
}

TEST_F(LocatePython, ASingleRegisteredOneTellsItsOwnError) {
    probe_.add_installation(R"(C:\Python39)", 9);
    probe_.machine_pythons = {{"HKLM", "PythonCore", "3.9", "64bit", R"(C:\Python39)", "3.9"}};
    EXPECT_EQ(chosen(), "engine-not-found");
}

TEST_F(LocatePython, TellsEverythingItLookedAt) {
    probe_.machine_pythons = {{"HKLM a", "PythonCore", "3.13", "64bit", R"(C:\gone1)", "3.13"},
                              {"HKLM b", "PythonCore", "3.13", "64bit", R"(C:\gone2)", "3.13"}};
    EXPECT_EQ(chosen(LocateMode::Interactive), "python-not-found");
    for (const std::string text : {R"(VIRTUAL_ENV)", R"(D:\work\app\pyvenv.cfg)", R"(D:\work\app\.venv\pyvenv.cfg)",
                                   R"(D:\pyvenv.cfg)", R"(C:\Program Files\PythonService\pyvenv.cfg)",
                                   R"(C:\Program Files\PythonService\python3XX.dll)", "HKLM a", R"(C:\gone2)"}) {
        EXPECT_NE(context_.find(text), std::string::npos) << text << " is not in " << context_;
    }
}

TEST_F(LocatePython, WithoutAScriptTheExeStillDecides) {
    request_.script_directory.clear();
    environment(kExe + "\\.venv");
    EXPECT_EQ(chosen(), kExe + "\\.venv");
}

}  // namespace
}  // namespace pysvc
