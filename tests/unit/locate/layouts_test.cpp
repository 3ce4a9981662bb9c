// SPDX-License-Identifier: MIT
// The layouts that installers and environment tools leave on a Windows disk, file by file as far as anybody looks.
#include "host/locate/locate_python.hpp"
#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using test::dll_head;
using test::FakeFileProbe;
using Paths = std::vector<std::string>;

const std::string kExe = R"(C:\Program Files\PythonService)";
const std::string kProfile = "C:\\Users\\J\xC3\xBCrgen Meier";

class Layouts : public testing::Test {
protected:
    Layouts() {
        for (const int minor : {10, 11, 12, 13, 14}) probe_.add_engine(kExe, minor);
        probe_.variables["PUBLIC"] = R"(C:\Users\Public)";
    }

    void add(const std::string& folder, const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            const bool image = name.ends_with(".exe") || name.ends_with(".dll") || name.ends_with(".pyd");
            probe_.add(join_path(System::Windows, folder, name), image ? dll_head() : "");
        }
    }

    /// What every full installation of CPython for Windows has.
    void add_cpython(const std::string& folder, int minor) {
        const std::string dll = "python3" + std::to_string(minor) + ".dll";
        add(folder, {"python.exe", "pythonw.exe", "python3.dll", dll, "vcruntime140.dll", "vcruntime140_1.dll",
                     "DLLs/_ctypes.pyd", "DLLs/libffi-8.dll", "Lib/encodings/__init__.py", "Lib/site.py",
                     "Lib/site-packages/README.txt", "Lib/venv/scripts/nt/venvlauncher.exe", "libs/python3.lib",
                     "include/Python.h", "Scripts/pip.exe"});
    }

    PythonInstallation examined(const std::string& path) {
        auto python = examine_python(path, "a test", kExe, probe_);
        EXPECT_TRUE(python) << python.error().context;
        return python.value_or(PythonInstallation{});
    }

    static Paths paths_below(const std::string& base, int minor) {
        return {base + "\\python3" + std::to_string(minor) + ".zip", base + "\\DLLs", base + "\\Lib", base};
    }

    FakeFileProbe probe_;
};

TEST_F(Layouts, PythonOrgForAllUsers) {
    const std::string base = R"(C:\Program Files\Python312)";
    add_cpython(base, 12);
    for (const std::string& path : {base, base + "\\python.exe", base + "\\pythonw.exe", base + "\\"}) {
        const auto python = examined(path);
        EXPECT_EQ(python.kind, PythonKind::Full);
        EXPECT_EQ(python.executable, base + "\\python.exe");
        EXPECT_EQ(python.base_executable, base + "\\python.exe");
        EXPECT_EQ(python.prefix, base);
        EXPECT_EQ(python.dll, base + "\\python312.dll");
        EXPECT_EQ(python.search_paths, paths_below(base, 12));
        EXPECT_EQ(python.profile, "");
    }
}

TEST_F(Layouts, PythonOrgForOneUser) {
    const std::string base = kProfile + R"(\AppData\Local\Programs\Python\Python312)";
    add_cpython(base, 12);
    EXPECT_EQ(examined(base).profile, kProfile);
}

TEST_F(Layouts, StdlibVenv) {
    const std::string base = R"(C:\Program Files\Python313)";
    const std::string venv = "D:\\Dienste f\xC3\xBCr \xE6\x9C\x8D\\.venv";
    add_cpython(base, 13);
    add(venv, {"Scripts/python.exe", "Scripts/pythonw.exe", "Scripts/activate.bat", "Scripts/Activate.ps1",
               "Lib/site-packages/pip/__init__.py", "Include/x", ".gitignore"});
    probe_.add(venv + "\\pyvenv.cfg",
               "home = C:\\Program Files\\Python313\n"
               "include-system-site-packages = false\n"
               "version = 3.13.5\n"
               "executable = C:\\Program Files\\Python313\\python.exe\n"
               "command = C:\\Program Files\\Python313\\python.exe -m venv " +
                   venv + "\n");
    for (const std::string& path : {venv, venv + "\\Scripts", venv + "\\Scripts\\python.exe"}) {
        const auto python = examined(path);
        EXPECT_EQ(python.kind, PythonKind::VirtualEnvironment);
        EXPECT_EQ(python.executable, venv + "\\Scripts\\python.exe");
        EXPECT_EQ(python.base_executable, base + "\\python.exe");
        EXPECT_EQ(python.prefix, venv);
        EXPECT_EQ(python.base_prefix, base);
        EXPECT_EQ(python.dll, base + "\\python313.dll");
        EXPECT_EQ(python.search_paths, paths_below(base, 13));
        EXPECT_EQ(python.dll_directories, Paths{base});
    }
}

/// Python 3.10's venv writes three lines and no more.
TEST_F(Layouts, StdlibVenvOfPython310) {
    add_cpython(R"(C:\Python310)", 10);
    add(R"(D:\v)", {"Scripts/python.exe"});
    probe_.add(R"(D:\v\pyvenv.cfg)",
               "home = C:\\Python310\r\ninclude-system-site-packages = false\r\nversion = 3.10.8\r\n");
    const auto python = examined(R"(D:\v)");
    EXPECT_EQ(python.dll, R"(C:\Python310\python310.dll)");
    // Its python.exe spells one of them in another way than all later ones.
    EXPECT_EQ(python.search_paths, (Paths{R"(C:\Python310\python310.zip)", R"(C:\Python310\DLLs)",
                                          R"(C:\Python310\lib)", R"(C:\Python310)"}));
}

TEST_F(Layouts, Virtualenv) {
    add_cpython(R"(C:\Python313)", 13);
    add(R"(D:\v)", {"Scripts/python.exe", "Scripts/pythonw.exe", "Scripts/activate_this.py",
                    "Lib/site-packages/_virtualenv.pth", "Lib/site-packages/_virtualenv.py"});
    probe_.add(R"(D:\v\pyvenv.cfg)",
               "home = C:\\Python313\n"
               "implementation = CPython\n"
               "python-version = 3.13\n"
               "version_info = 3.13.5.final.0\n"
               "version = 3.13.5\n"
               "executable = C:\\Python313\\python.exe\n"
               "command = C:\\Python313\\python.exe -m virtualenv D:\\v\n"
               "virtualenv = 21.15.8\n"
               "include-system-site-packages = false\n"
               "base-prefix = C:\\Python313\n"
               "base-exec-prefix = C:\\Python313\n"
               "base-executable = C:\\Python313\\python.exe\n");
    const auto python = examined(R"(D:\v)");
    EXPECT_EQ(python.kind, PythonKind::VirtualEnvironment);
    EXPECT_EQ(python.prefix, R"(D:\v)");
    EXPECT_EQ(python.base_executable, R"(C:\Python313\python.exe)");
}

/// uv's own Python, which is a python-build-standalone, by way of the link to the newest patch version.
TEST_F(Layouts, UvEnvironmentOnUvsPython) {
    const std::string base = kProfile + R"(\AppData\Roaming\uv\python\cpython-3.12-windows-x86_64-none)";
    const std::string venv = R"(D:\app\.venv)";
    add_cpython(base, 12);
    add(base, {"BUILD", "python312.dll", "Lib/EXTERNALLY-MANAGED", "tcl/tcl8.6/init.tcl"});
    add(venv, {"Scripts/python.exe", "Scripts/pythonw.exe", "Scripts/activate.bat", ".lock", "CACHEDIR.TAG"});
    probe_.add(venv + "\\pyvenv.cfg", "home = " + base +
                                          "\n"
                                          "implementation = CPython\n"
                                          "uv = 0.13.9\n"
                                          "version_info = 3.12.5\n"
                                          "include-system-site-packages = false\n"
                                          "prompt = app\n");
    const auto python = examined(venv);
    EXPECT_EQ(python.kind, PythonKind::VirtualEnvironment);
    EXPECT_EQ(python.prefix, venv);
    EXPECT_EQ(python.base_executable, base + "\\python.exe");
    EXPECT_EQ(python.minor, 12);
    // The environment is for everybody, the Python below it is not.
    EXPECT_EQ(python.profile, kProfile);
}

TEST_F(Layouts, CondaEnvironment) {
    const std::string base = R"(C:\miniconda3\envs\svc)";
    add_cpython(base, 11);
    add(base,
        {"conda-meta/history", "conda-meta/python-3.11.9-h631f459_0_cpython.json", "Library/bin/libcrypto-3-x64.dll",
         "Library/bin/sqlite3.dll", "Library/mingw-w64/bin/m.dll", "Library/usr/bin/u.dll"});
    const auto python = examined(base);
    EXPECT_EQ(python.kind, PythonKind::Conda);
    EXPECT_EQ(python.prefix, base);
    EXPECT_EQ(python.dll_directories, (Paths{base, base + R"(\Library\mingw-w64\bin)", base + R"(\Library\usr\bin)",
                                             base + R"(\Library\bin)", base + R"(\Scripts)"}));
}

/// Its extension modules come from conda's Python: they need conda's DLLs as well.
TEST_F(Layouts, VenvOnConda) {
    const std::string base = R"(C:\miniconda3)";
    add_cpython(base, 11);
    add(base, {"conda-meta/history", "Library/bin/libcrypto-3-x64.dll"});
    probe_.add_environment(R"(D:\v)", base, "3.11.9");
    const auto python = examined(R"(D:\v)");
    EXPECT_EQ(python.kind, PythonKind::VirtualEnvironment);
    EXPECT_EQ(python.dll_directories, (Paths{base, base + R"(\Library\bin)", base + R"(\Scripts)"}));
}

TEST_F(Layouts, EmbeddableZip) {
    const std::string folder = R"(C:\embed)";
    add(folder, {"python.exe", "pythonw.exe", "python3.dll", "python313.dll", "python313.zip", "python.cat",
                 "vcruntime140.dll", "_ctypes.pyd", "libffi-8.dll", "select.pyd"});
    probe_.add(folder + "\\python313._pth",
               "python313.zip\r\n.\r\n\r\n# Uncomment to run site.main()\r\n#import site\r\n");
    for (const std::string& path : {folder, folder + "\\python.exe"}) {
        const auto python = examined(path);
        EXPECT_EQ(python.kind, PythonKind::Embeddable);
        EXPECT_EQ(python.executable, folder + "\\python.exe");
        EXPECT_EQ(python.prefix, folder);
        EXPECT_EQ(python.search_paths, Paths{});
        EXPECT_EQ(python.dll_directories, Paths{folder});
    }
}

TEST_F(Layouts, InstallManager) {
    const std::string base = kProfile + R"(\AppData\Local\Python\pythoncore-3.14-64)";
    add_cpython(base, 14);
    add(base, {"__install__.json"});
    const auto python = examined(base);
    EXPECT_EQ(python.kind, PythonKind::Full);
    EXPECT_EQ(python.dll, base + "\\python314.dll");
    EXPECT_EQ(python.profile, kProfile);
}

/// python.exe on PATH is a launcher that starts the Python named beside it.
TEST_F(Layouts, CommandOfTheInstallManager) {
    const std::string base = kProfile + R"(\AppData\Local\Python\pythoncore-3.14-64)";
    const std::string bin = kProfile + R"(\AppData\Local\Python\bin)";
    add_cpython(base, 14);
    add(bin, {"python.exe", "python3.14.exe", "pythonw.exe"});
    probe_.add(bin + "\\python.exe.__target__", base + "\\python.exe");
    probe_.add(bin + "\\pythonw.exe.__target__", base + "\\pythonw.exe");
    for (const std::string& path : {bin + "\\python.exe", bin + "\\pythonw.exe", bin}) {
        EXPECT_EQ(examined(path).executable, base + "\\python.exe") << path;
    }
    const auto lost = examine_python(bin + "\\python3.14.exe", "a test", kExe, probe_);
    ASSERT_FALSE(lost);
    EXPECT_NE(lost.error().context.find("launcher"), std::string::npos) << lost.error().context;
}

TEST_F(Layouts, NugetPackage) {
    const std::string base = R"(D:\packages\python.3.13.5\tools)";
    add_cpython(base, 13);
    EXPECT_EQ(examined(base).prefix, base);
}

}  // namespace
}  // namespace pysvc
