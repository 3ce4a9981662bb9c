// SPDX-License-Identifier: MIT
#include "host/locate/engines.hpp"
#include "host/locate/locate_python.hpp"
#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using test::dll_head;
using test::FakeFileProbe;

const std::string kExe = R"(C:\Program Files\PythonService)";
const std::string kPython = R"(C:\Python313)";
const std::string kVenv = R"(D:\app\venv)";

class ExaminePython : public testing::Test {
protected:
    ExaminePython() {
        probe_.add_installation(kPython, 13);
        probe_.add_environment(kVenv, kPython, "3.13.5");
        probe_.add_engine(kExe, 13);
        probe_.add_engine(kExe, 10);
    }

    Result<PythonInstallation> examine(const std::string& path) { return examine_python(path, "a test", kExe, probe_); }

    void expect_failure(const std::string& path, ErrorCode code, std::uint32_t os_code,
                        const std::vector<std::string>& mentioned) {
        const auto result = examine(path);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, code) << result.error().context;
        EXPECT_EQ(result.error().os_code, os_code);
        for (const std::string& text : mentioned) {
            EXPECT_NE(result.error().context.find(text), std::string::npos) << result.error().context;
        }
    }

    FakeFileProbe probe_;
};

TEST_F(ExaminePython, TakesAFullInstallation) {
    const auto python = examine(kPython + "\\python.exe");
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->kind, PythonKind::Full);
    EXPECT_EQ(python->executable, R"(C:\Python313\python.exe)");
    EXPECT_EQ(python->base_executable, R"(C:\Python313\python.exe)");
    EXPECT_EQ(python->prefix, kPython);
    EXPECT_EQ(python->base_prefix, kPython);
    EXPECT_EQ(python->dll, R"(C:\Python313\python313.dll)");
    EXPECT_EQ(python->engine, kExe + "\\servicemanager.cp313-win_amd64.pyd");
    EXPECT_EQ(python->minor, 13);
    EXPECT_EQ(python->search_paths, (std::vector<std::string>{R"(C:\Python313\python313.zip)", R"(C:\Python313\DLLs)",
                                                              R"(C:\Python313\Lib)", kPython}));
    EXPECT_EQ(python->dll_directories, (std::vector<std::string>{kPython}));
    EXPECT_EQ(python->reason, "a test");
}

TEST_F(ExaminePython, TakesAnEnvironment) {
    const auto python = examine(kVenv + "\\Scripts\\python.exe");
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->kind, PythonKind::VirtualEnvironment);
    EXPECT_EQ(python->executable, R"(D:\app\venv\Scripts\python.exe)");
    EXPECT_EQ(python->base_executable, R"(C:\Python313\python.exe)");
    EXPECT_EQ(python->prefix, kVenv);
    EXPECT_EQ(python->base_prefix, kPython);
    EXPECT_EQ(python->search_paths.back(), kPython);
}

TEST_F(ExaminePython, TakesDirectories) {
    EXPECT_EQ(examine(kPython)->executable, R"(C:\Python313\python.exe)");
    EXPECT_EQ(examine(kVenv)->executable, R"(D:\app\venv\Scripts\python.exe)");
    EXPECT_EQ(examine(kVenv + "\\Scripts")->prefix, kVenv);
}

TEST_F(ExaminePython, NormalisesWhatItIsGiven) {
    for (const std::string path : {R"(C:/Python313/python.exe)", R"(\\?\C:\Python313\python.exe)",
                                   R"("C:\Python313\python.exe")", R"(C:\x\..\Python313\.\python.exe)"}) {
        const auto python = examine(path);
        ASSERT_TRUE(python) << path;
        EXPECT_EQ(python->executable, R"(C:\Python313\python.exe)");
    }
}

TEST_F(ExaminePython, PrefersTheConsoleInterpreter) {
    EXPECT_EQ(examine(kPython + "\\pythonw.exe")->executable, R"(C:\Python313\python.exe)");
}

TEST_F(ExaminePython, TakesAnEnvironmentWithAHomeInSlashesAndAnOldVersion) {
    probe_.add(kVenv + "\\pyvenv.cfg", "home = C:/Python313/\nversion = 3.12.0\n");
    const auto python = examine(kVenv);
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->base_prefix, kPython);
    EXPECT_EQ(python->minor, 13);
}

TEST_F(ExaminePython, TakesTheVersionOfTheEnvironmentWhereDllsOfSeveralLie) {
    probe_.add(kPython + "\\python310.dll", dll_head());
    EXPECT_EQ(examine(kVenv)->minor, 13);
    expect_failure(kPython, ErrorCode::PythonNotFound, 0, {"several"});
}

TEST_F(ExaminePython, TakesAnEmbeddableInstallationAndLeavesThePathsToItsFile) {
    const std::string directory = R"(C:\embed)";
    probe_.add(directory + "\\python.exe", dll_head());
    probe_.add(directory + "\\python313.dll", dll_head());
    probe_.add(directory + "\\python313.zip");
    probe_.add(directory + "\\python313._pth", "python313.zip\n.\n");
    const auto python = examine(directory);
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->kind, PythonKind::Embeddable);
    EXPECT_TRUE(python->search_paths.empty());
    EXPECT_EQ(python->prefix, directory);
}

TEST_F(ExaminePython, KnowsCondasDllDirectories) {
    probe_.add(kPython + "\\conda-meta\\history");
    probe_.add(kPython + "\\Library\\bin\\libcrypto.dll");
    const auto python = examine(kPython);
    ASSERT_TRUE(python);
    EXPECT_EQ(python->kind, PythonKind::Conda);
    EXPECT_EQ(python->dll_directories, (std::vector<std::string>{kPython, kPython + "\\Library\\bin"}));
}

TEST_F(ExaminePython, RefusesWhatDoesNotExist) {
    expect_failure(R"(C:\Python399\python.exe)", ErrorCode::PythonNotFound, 0,
                   {R"(C:\Python399\python.exe)", "a test"});
    probe_.add(R"(C:\empty\readme.txt)");
    expect_failure(R"(C:\empty)", ErrorCode::PythonNotFound, 0,
                   {R"(C:\empty\python.exe)", R"(C:\empty\Scripts\python.exe)"});
}

TEST_F(ExaminePython, RefusesTheStore) {
    expect_failure(R"(C:\Users\me\AppData\Local\Microsoft\WindowsApps\python.exe)", ErrorCode::PythonFromStore, 0,
                   {"WindowsApps"});
    const std::string home = R"(C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13_x64)";
    probe_.add_installation(home, 13);
    probe_.add_environment(R"(D:\storevenv)", home, "3.13.1");
    expect_failure(R"(D:\storevenv)", ErrorCode::PythonFromStore, 0, {home});
}

TEST_F(ExaminePython, RefusesAnEnvironmentWithoutItsBase) {
    probe_.remove(kPython);
    expect_failure(kVenv, ErrorCode::PythonNotFound, 0, {kVenv, R"(C:\Python313\python.exe)"});
    probe_.add(kVenv + "\\pyvenv.cfg", "version = 3.13\n");
    expect_failure(kVenv, ErrorCode::PythonNotFound, 0, {kVenv + "\\pyvenv.cfg", "home"});
}

TEST_F(ExaminePython, RefusesALauncher) {
    probe_.remove(kPython + "\\python313.dll");
    expect_failure(kPython, ErrorCode::PythonNotFound, 0, {"python3XX.dll", "launcher"});
}

TEST_F(ExaminePython, RefusesTheWrongArchitecture) {
    probe_.add(kPython + "\\python313.dll", dll_head(FakeFileProbe::kX86));
    expect_failure(kPython, ErrorCode::PythonWrongArchitecture, 193, {"python313.dll", "x86 (32-bit)", "x64"});
    probe_.add(kPython + "\\python313.dll", "garbage");
    expect_failure(kVenv, ErrorCode::PythonWrongArchitecture, 193, {"python313.dll", "no library"});
}

TEST_F(ExaminePython, RefusesWhatTheAccountCannotRead) {
    struct Row {
        std::string denied;
        std::string examined;
    };
    const Row rows[] = {{kPython, kPython},
                        {kPython + "\\python.exe", kPython},
                        {kPython, kVenv},
                        {kPython + "\\python313.dll", kPython},
                        {kPython + "\\Lib", kPython},
                        {kVenv + "\\pyvenv.cfg", kVenv}};
    for (const Row& row : rows) {
        SCOPED_TRACE(row.denied);
        FakeFileProbe fresh = probe_;
        fresh.deny(row.denied);
        const auto result = examine_python(row.examined, "a test", kExe, fresh);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::PythonUnreadable);
        EXPECT_EQ(result.error().os_code, 5U);
        EXPECT_NE(result.error().context.find(row.denied), std::string::npos) << result.error().context;
    }
}

TEST_F(ExaminePython, RefusesAnInstallationWithoutStandardLibrary) {
    probe_.remove(kPython + "\\Lib");
    expect_failure(kPython, ErrorCode::PythonNoStandardLibrary, 0,
                   {R"(C:\Python313\Lib\encodings)", R"(C:\Python313\python313.zip)"});
}

TEST_F(ExaminePython, RefusesAVersionWithoutEngineAndNamesThoseThatExist) {
    probe_.add_installation(R"(C:\Python39)", 9);
    expect_failure(R"(C:\Python39)", ErrorCode::EngineNotFound, 0,
                   {kExe + "\\servicemanager.cp39-win_amd64.pyd", "3.10, 3.13"});
}

TEST_F(ExaminePython, SaysWhenThereIsNoEngineAtAll) {
    probe_.remove(kExe);
    expect_failure(kPython, ErrorCode::EngineNotFound, 0, {"no engines"});
}

TEST(EngineMinors, AreThoseOfThisMachine) {
    FakeFileProbe probe;
    for (const int minor : {14, 10, 9}) probe.add_engine(kExe, minor);
    probe.add(kExe + "\\servicemanager.cp313-win_arm64.pyd");
    probe.add(kExe + "\\servicemanager.cp3-win_amd64.pyd");
    probe.add(kExe + "\\servicemanager.cp3xy-win_amd64.pyd");
    EXPECT_EQ(engine_minors(kExe, probe), (std::vector<int>{9, 10, 14}));
}

}  // namespace
}  // namespace pysvc
