// SPDX-License-Identifier: MIT
// Pythons that are there and cannot be hosted: each is refused with what it is and with what there are engines for.
#include "host/locate/locate_python.hpp"
#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using test::dll_head;
using test::elf_head;
using test::FakeFileProbe;

const std::string kExe = R"(C:\Program Files\PythonService)";
const std::string kPython = R"(C:\Python313)";
const std::string kVenv = R"(D:\app\venv)";

class Refusals : public testing::Test {
protected:
    Refusals() {
        probe_.add_installation(kPython, 13);
        for (const int minor : {10, 11, 12, 13}) probe_.add_engine(kExe, minor);
    }

    void expect(const std::string& path, ErrorCode code, const std::vector<std::string>& mentioned) {
        const auto result = examine_python(path, "a test", kExe, probe_);
        ASSERT_FALSE(result) << path;
        EXPECT_EQ(result.error().code, code) << result.error().context;
        for (const std::string& text : mentioned) {
            EXPECT_NE(result.error().context.find(text), std::string::npos) << text << " is not in\n"
                                                                            << result.error().context;
        }
    }

    FakeFileProbe probe_;
};

TEST_F(Refusals, FreeThreadedBuildOfItsOwnFolder) {
    probe_.remove(kPython + "\\python313.dll");
    probe_.add(kPython + "\\python313t.dll", dll_head());
    expect(kPython, ErrorCode::EngineNotFound,
           {"servicemanager.cp313t-win_amd64.pyd", "python313t.dll", "free-threaded", "3.10, 3.11, 3.12, 3.13"});
}

TEST_F(Refusals, FreeThreadedBuildBesideTheRegularOneByItsName) {
    probe_.add(kPython + "\\python3.13t.exe", dll_head());
    probe_.add(kPython + "\\python313t.dll", dll_head());
    probe_.add(kPython + "\\pythonw3.13t.exe", dll_head());
    expect(kPython + "\\python3.13t.exe", ErrorCode::EngineNotFound, {"free-threaded"});
    expect(kPython + "\\pythonw3.13t.exe", ErrorCode::EngineNotFound, {"free-threaded"});
    EXPECT_TRUE(examine_python(kPython, "a test", kExe, probe_));
}

TEST_F(Refusals, EnvironmentOfTheFreeThreadedBuildBesideTheRegularOne) {
    probe_.add(kPython + "\\python3.13t.exe", dll_head());
    probe_.add(kPython + "\\python313t.dll", dll_head());
    probe_.add(kVenv + "\\Scripts\\python.exe", dll_head());
    probe_.add(kVenv + "\\pyvenv.cfg",
               "home = C:\\Python313\nversion = 3.13.5\nexecutable = C:\\Python313\\python3.13t.exe\n");
    expect(kVenv, ErrorCode::EngineNotFound, {"free-threaded"});
}

TEST_F(Refusals, FreeThreadedBuildUntilThereIsAnEngine) {
    probe_.add(kPython + "\\python3.13t.exe", dll_head());
    probe_.add(kPython + "\\python313t.dll", dll_head());
    probe_.add(kExe + "\\servicemanager.cp313t-win_amd64.pyd", dll_head());
    const auto python = examine_python(kPython + "\\python3.13t.exe", "a test", kExe, probe_);
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->dll, kPython + "\\python313t.dll");
    EXPECT_EQ(python->build, PythonBuild::FreeThreaded);
}

TEST_F(Refusals, DebugBuild) {
    probe_.add(kPython + "\\python_d.exe", dll_head());
    probe_.add(kPython + "\\python313_d.dll", dll_head());
    expect(kPython + "\\python_d.exe", ErrorCode::EngineNotFound, {"python313_d.dll", "debug build", "3.13"});
    EXPECT_TRUE(examine_python(kPython, "a test", kExe, probe_));
}

TEST_F(Refusals, PyPy) {
    const std::string pypy = R"(C:\pypy3.10)";
    for (const char* name : {"\\python.exe", "\\pypy3.exe", "\\libpypy3.10-c.dll"}) probe_.add(pypy + name, dll_head());
    expect(pypy, ErrorCode::EngineNotFound, {"PyPy", "libpypy3.10-c.dll", "CPython only"});
}

TEST_F(Refusals, EnvironmentOfAnotherImplementation) {
    probe_.add(kVenv + "\\Scripts\\python.exe", dll_head());
    for (const std::string name : {"PyPy", "GraalVM"}) {
        probe_.add(kVenv + "\\pyvenv.cfg", "home = C:\\other\nimplementation = " + name + "\nversion_info = 3.10.14\n");
        expect(kVenv, ErrorCode::EngineNotFound, {kVenv + "\\pyvenv.cfg", "implementation = " + name, "CPython only"});
    }
}

TEST_F(Refusals, Python2) {
    probe_.add(R"(C:\Python27\python.exe)", dll_head());
    probe_.add(R"(C:\Python27\python27.dll)", dll_head());
    expect(R"(C:\Python27)", ErrorCode::EngineNotFound, {"Python 2", "python27.dll"});
}

TEST_F(Refusals, OlderAndNewerThanTheEngines) {
    probe_.add_installation(R"(C:\Python39)", 9);
    expect(R"(C:\Python39)", ErrorCode::EngineNotFound, {"older than 3.10", "3.10, 3.11, 3.12, 3.13"});
    probe_.add_installation(R"(C:\Python315)", 15);
    expect(R"(C:\Python315)", ErrorCode::EngineNotFound, {"newer than this PythonService", "3.13"});
}

TEST_F(Refusals, AMinorBetweenWhoseEngineIsMissing) {
    probe_.remove(kExe + "\\servicemanager.cp312-win_amd64.pyd");
    probe_.add_installation(R"(C:\Python312)", 12);
    expect(R"(C:\Python312)", ErrorCode::EngineNotFound,
           {kExe + "\\servicemanager.cp312-win_amd64.pyd", "3.10, 3.11, 3.13"});
}

TEST_F(Refusals, StoreAliasWhereverItLies) {
    const std::string alias = R"(D:\tools\python.exe)";
    probe_.add_store_alias(alias);
    expect(alias, ErrorCode::PythonFromStore, {alias});
    expect(R"(D:\tools)", ErrorCode::PythonFromStore, {alias});
    probe_.add_environment(kVenv, R"(D:\tools)", "3.13.1");
    expect(kVenv, ErrorCode::PythonFromStore, {alias});
}

TEST_F(Refusals, RelativeHome) {
    probe_.add(kVenv + "\\Scripts\\python.exe", dll_head());
    for (const std::string home : {R"(..\python)", R"(C:python)", R"(\Python313)"}) {
        probe_.add(kVenv + "\\pyvenv.cfg", "home = " + home + "\n");
        expect(kVenv, ErrorCode::PythonNotFound, {kVenv + "\\pyvenv.cfg", home, "no full path"});
    }
}

TEST_F(Refusals, EnvironmentWhosePythonWasUninstalled) {
    probe_.add_environment(kVenv, R"(C:\Python312)", "3.12.1");
    expect(kVenv, ErrorCode::PythonNotFound,
           {kVenv, R"(C:\Python312\python.exe)", "is gone", "create the environment again"});
}

TEST(PosixRefusals, FreeThreadedDebugAndPyPy) {
    FakeFileProbe probe(System::Posix);
    probe.add_engine("/opt/pythonservice", 13);
    for (const std::string name : {"python3.13t", "python3.13-dbg", "python3.13"}) {
        probe.add("/usr/bin/" + name, elf_head());
    }
    for (const std::string name : {"libpython3.13t.so.1.0", "libpython3.13d.so.1.0", "libpython3.13.so.1.0"}) {
        probe.add("/usr/lib/" + name, elf_head());
    }
    probe.add("/usr/lib/python3.13/encodings/__init__.py");
    probe.add("/usr/lib/python3.13t/encodings/__init__.py");
    probe.add("/opt/pypy/bin/python3", elf_head());
    probe.add("/opt/pypy/bin/libpypy3.10-c.so", elf_head());
    const auto context = [&](const std::string& path) {
        const auto python = examine_python(path, "a test", "/opt/pythonservice", probe);
        return python ? python->dll : std::string(error_info(python.error().code).name) + ": " + python.error().context;
    };
    EXPECT_EQ(context("/usr/bin/python3.13"), "/usr/lib/libpython3.13.so.1.0");
    EXPECT_TRUE(context("/usr/bin/python3.13t").starts_with("engine-not-found: ")) << context("/usr/bin/python3.13t");
    EXPECT_NE(context("/usr/bin/python3.13t").find("free-threaded"), std::string::npos);
    EXPECT_NE(context("/usr/bin/python3.13-dbg").find("debug build"), std::string::npos);
    EXPECT_NE(context("/opt/pypy").find("PyPy"), std::string::npos);
}

}  // namespace
}  // namespace pysvc
