// SPDX-License-Identifier: MIT
#include "host/locate/known_pythons.hpp"

#include "host/locate/locate_python.hpp"
#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using test::FakeFileProbe;

const std::string kExe = R"(C:\Program Files\PythonService)";
const std::string kLocal = R"(C:\Users\me\AppData\Local)";
const std::string kRoaming = R"(C:\Users\me\AppData\Roaming)";

class KnownPythons : public testing::Test {
protected:
    KnownPythons() {
        for (const int minor : {12, 13, 14}) probe_.add_engine(kExe, minor);
        probe_.variables["LOCALAPPDATA"] = kLocal;
        probe_.variables["APPDATA"] = kRoaming;
        request_.exe_directory = kExe;
        request_.mode = LocateMode::Interactive;
    }

    std::vector<std::string> known(RegistryScope scope = RegistryScope::MachineAndUser) {
        std::vector<std::string> places;
        for (const RegisteredPython& python : known_pythons(scope, probe_)) places.push_back(python.executable);
        return places;
    }

    /// The prefix that `--python TEXT` leads to, or the name of the failure.
    std::string chosen(const std::string& text) {
        request_.python = text;
        const auto python = locate_python(request_, probe_);
        if (python) {
            reason_ = python->reason;
            return python->prefix;
        }
        context_ = python.error().context;
        return error_info(python.error().code).name;
    }

    FakeFileProbe probe_;
    LocateRequest request_;
    std::string reason_;
    std::string context_;
};

TEST_F(KnownPythons, AreRankedLikeThoseOfTheLauncher) {
    probe_.user_pythons = {{"HKCU a", "Astral", "CPython3.14.0", "64bit", R"(D:\uv314\python.exe)", "3.14"},
                           {"HKCU b", "PythonCore", "3.12", "64bit", R"(D:\312\python.exe)", "3.12"}};
    probe_.machine_pythons = {{"HKLM c", "PythonCore", "3.13", "64bit", R"(D:\313\python.exe)", "3.13"}};
    EXPECT_EQ(known(),
              (std::vector<std::string>{R"(D:\313\python.exe)", R"(D:\312\python.exe)", R"(D:\uv314\python.exe)"}));
    EXPECT_EQ(known(RegistryScope::Machine), std::vector<std::string>{R"(D:\313\python.exe)"});
}

TEST_F(KnownPythons, IncludeThoseInTheFoldersOfInstallManagerAndUv) {
    probe_.add_installation(kLocal + R"(\Python\pythoncore-3.13-64)", 13);
    probe_.add(kLocal + R"(\Python\bin\python.exe)");
    for (const std::string name : {"cpython-3.12.9-windows-x86_64-none", "cpython-3.12.10-windows-x86_64-none",
                                   "cpython-3.12-windows-x86_64-none", "pypy-3.10.14-windows-x86_64-none"}) {
        probe_.add_installation(kRoaming + R"(\uv\python\)" + name, 12);
    }
    const std::string uv = kRoaming + R"(\uv\python\cpython-3.12)";
    EXPECT_EQ(known(), (std::vector<std::string>{kLocal + R"(\Python\pythoncore-3.13-64)", uv + "-windows-x86_64-none",
                                                 uv + ".10-windows-x86_64-none", uv + ".9-windows-x86_64-none"}));
    EXPECT_TRUE(known(RegistryScope::Machine).empty());
}

TEST_F(KnownPythons, AreThereOnceWhenTheyAreRegisteredToo) {
    const std::string folder = kLocal + R"(\Python\pythoncore-3.14-64)";
    probe_.add_installation(folder, 14);
    probe_.user_pythons = {{"HKCU", "PythonCore", "3.14", "64bit", folder + "\\python.exe", "3.14"}};
    EXPECT_EQ(known(), std::vector<std::string>{folder + "\\python.exe"});
    probe_.user_pythons[0].executable = folder + "\\";
    EXPECT_EQ(known().size(), 1U);
}

TEST_F(KnownPythons, UvsFolderMayBeElsewhere) {
    probe_.variables["UV_PYTHON_INSTALL_DIR"] = R"(E:\pythons)";
    probe_.add_installation(R"(E:\pythons\cpython-3.13.5-windows-x86_64-none)", 13);
    EXPECT_EQ(chosen("3.13"), R"(E:\pythons\cpython-3.13.5-windows-x86_64-none)");
}

TEST_F(KnownPythons, AVersionSelectsAmongThem) {
    probe_.add_installation(R"(C:\Python312)", 12);
    probe_.add_installation(R"(C:\Python313)", 13);
    probe_.add_installation(kLocal + R"(\Python\pythoncore-3.14-64)", 14);
    probe_.machine_pythons = {{"HKLM 312", "PythonCore", "3.12", "64bit", R"(C:\Python312\python.exe)", "3.12"}};
    // Written before PEP 514: no SysVersion, and no file.
    probe_.user_pythons = {{"HKCU 313", "PythonCore", "3.13", "", R"(C:\Python313\)", ""}};
    EXPECT_EQ(chosen("3.12"), R"(C:\Python312)");
    EXPECT_EQ(reason_, "named by --python, found as HKLM 312");
    EXPECT_EQ(chosen("3.13"), R"(C:\Python313)");
    EXPECT_EQ(chosen("3.13-64"), R"(C:\Python313)");
    EXPECT_EQ(chosen("3.14"), kLocal + R"(\Python\pythoncore-3.14-64)");
}

TEST_F(KnownPythons, AnExistingPathIsNoVersion) {
    probe_.add_installation(R"(C:\Python312)", 12);
    probe_.add_installation("3.12", 13);
    probe_.machine_pythons = {{"HKLM", "PythonCore", "3.12", "64bit", R"(C:\Python312\python.exe)", "3.12"}};
    EXPECT_EQ(chosen("3.12"), "3.12");
}

TEST_F(KnownPythons, AVersionTakesTheBestUsableOne) {
    probe_.add_installation(R"(C:\Python312)", 12);
    probe_.machine_pythons = {{"HKLM gone", "PythonCore", "3.12", "64bit", R"(C:\gone\python.exe)", "3.12"},
                              {"HKLM other", "Other", "tag", "64bit", R"(C:\Python312\python.exe)", "3.12"}};
    EXPECT_EQ(chosen("3.12"), R"(C:\Python312)");
}

TEST_F(KnownPythons, AnUnknownVersionIsAnErrorWithThoseThatAreThere) {
    probe_.add_installation(R"(C:\Python312)", 12);
    probe_.machine_pythons = {{"HKLM x", "PythonCore", "3.12", "64bit", R"(C:\Python312\python.exe)", "3.12"}};
    EXPECT_EQ(chosen("3.13"), "python-not-found");
    EXPECT_NE(context_.find("there is no Python 3.13"), std::string::npos) << context_;
    EXPECT_NE(context_.find(R"(3.12 at C:\Python312\python.exe (HKLM x))"), std::string::npos) << context_;
}

TEST_F(KnownPythons, WhatIsNeitherPathNorVersionIsAnErrorWithThoseThatAreThere) {
    probe_.machine_pythons = {{"HKLM x", "PythonCore", "3.12", "64bit", R"(C:\Python312\python.exe)", "3.12"}};
    for (const std::string text : {"3.12.1", "3.12-32", "py"}) {
        EXPECT_EQ(chosen(text), "python-not-found");
        EXPECT_NE(context_.find("'" + text + "' is neither"), std::string::npos) << context_;
        EXPECT_NE(context_.find(R"(C:\Python312\python.exe)"), std::string::npos) << context_;
    }
}

TEST_F(KnownPythons, AVersionThatIsThereAndCannotBeHostedTellsWhy) {
    probe_.machine_pythons = {{"HKLM32", "PythonCore", "3.12-32", "32bit", R"(C:\Python312-32\python.exe)", "3.12"}};
    EXPECT_EQ(chosen("3.12"), "python-wrong-architecture");
    EXPECT_NE(context_.find("32-bit"), std::string::npos) << context_;
    probe_.add_installation(R"(C:\Python39)", 9);
    probe_.machine_pythons = {{"HKLM", "PythonCore", "3.9", "64bit", R"(C:\Python39\python.exe)", "3.9"}};
    EXPECT_EQ(chosen("3.9"), "engine-not-found");
}

TEST_F(KnownPythons, FreeThreadedOnesAreOthersThanRegularOnes) {
    probe_.machine_pythons = {{"a", "PythonCoreFreeThreaded", "3.13", "64bit", R"(C:\a\python3.13t.exe)", "3.13"},
                              {"b", "PythonCore", "3.14t-64", "64bit", R"(C:\b\python3.14t.exe)", "3.14"},
                              {"c", "Astral", "3.12.1+freethreaded-windows", "64bit", R"(C:\c)", "3.12.1"}};
    for (const RegisteredPython& python : probe_.machine_pythons) {
        ASSERT_TRUE(abi_of(python)) << python.tag;
        EXPECT_EQ(abi_of(python)->build, PythonBuild::FreeThreaded) << python.tag;
    }
    EXPECT_EQ(chosen("3.13"), "python-not-found");
    EXPECT_NE(context_.find("3.13t at"), std::string::npos) << context_;
}

TEST_F(KnownPythons, AServiceNeedsAFullPath) {
    probe_.add_installation(R"(C:\Python312)", 12);
    probe_.machine_pythons = {{"HKLM", "PythonCore", "3.12", "64bit", R"(C:\Python312\python.exe)", "3.12"}};
    request_.mode = LocateMode::Service;
    request_.python_origin = kStoredPython;
    for (const std::string text : {"3.12", "python.exe", R"(..\python.exe)", R"(\Python312\python.exe)"}) {
        EXPECT_EQ(chosen(text), "python-not-found");
        EXPECT_NE(context_.find(text), std::string::npos) << context_;
        EXPECT_NE(context_.find("no full path"), std::string::npos) << context_;
    }
    EXPECT_EQ(chosen(R"("C:\Python312\python.exe")"), R"(C:\Python312)");
}

TEST(KnownPythonsOnPosix, AreThoseOnPathInItsOrderThenUvs) {
    FakeFileProbe probe(System::Posix);
    probe.variables["HOME"] = "/home/me";
    probe.machine_pythons = {{"/usr/bin/python3", "", "", "", "/usr/bin/python3", ""},
                             {"/usr/bin/python3.11", "", "", "", "/usr/bin/python3.11", "3.11"},
                             {"/opt/python3.12", "", "", "", "/opt/python3.12", "3.12"}};
    const std::string uv = "/home/me/.local/share/uv/python/cpython-3.11.9-linux-x86_64-gnu";
    probe.add_installation(uv, 11);
    probe.add_engine("/opt/pythonservice", 11);
    std::vector<std::string> places;
    for (const auto& python : known_pythons(RegistryScope::MachineAndUser, probe)) places.push_back(python.executable);
    EXPECT_EQ(places, (std::vector<std::string>{"/usr/bin/python3", "/usr/bin/python3.11", "/opt/python3.12", uv}));

    LocateRequest request;
    request.exe_directory = "/opt/pythonservice";
    request.mode = LocateMode::Interactive;
    request.python = "3.11";
    const auto python = locate_python(request, probe);
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->prefix, uv);
    EXPECT_EQ(python->profile, "/home/me");
}

}  // namespace
}  // namespace pysvc
