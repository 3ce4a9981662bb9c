// SPDX-License-Identifier: MIT
#include "host/commands/describe_script.hpp"
#include "tests/cli/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using cli_tests::TemporaryFolder;

class Describe : public testing::Test {
protected:
    Result<ServiceDescription> describe(const std::string& text, const std::string& class_name = {},
                                        const std::string& file = "service.py") {
        return describe_script(PYSVC_PYTHON, folder.file(file, text), class_name, *child_);
    }
    Result<ServiceDescription> describe_module(const std::string& module, const std::string& class_name) {
        return describe_class(PYSVC_PYTHON, {folder.str(), module, class_name}, *child_);
    }

    TemporaryFolder folder;

private:
    std::unique_ptr<ChildProcess> child_ = make_child_process();
};

TEST_F(Describe, ReadsLiteralsOfAFrameworkClass) {
    const auto found = describe(R"(
import win32serviceutil, win32service
class Pipe(win32serviceutil.ServiceFramework):
    _svc_name_ = "PyPipe"
    _svc_display_name_ = "Python pipe, 100 %"
    _svc_description_ = "Gr\u00fc\u00dfe"
    _svc_deps_ = ["EventLog", "Tcpip"]
    def SvcDoRun(self): pass
if __name__ == '__main__':
    win32serviceutil.HandleCommandLine(Pipe)
)");
    ASSERT_TRUE(found) << found.error().context;
    EXPECT_EQ(found->class_name, "Pipe");
    EXPECT_EQ(found->name, "PyPipe");
    EXPECT_EQ(found->display_name, "Python pipe, 100 %");
    EXPECT_EQ(found->description,
              "Gr\xC3\xBC\xC3\x9F"
              "e");
    EXPECT_EQ(found->dependencies, (std::vector<std::string>{"EventLog", "Tcpip"}));
    EXPECT_TRUE(found->has_command_line);
    EXPECT_FALSE(found->imported);
    EXPECT_EQ(class_string_of(*found), folder.str() + "/service.Pipe");
}

TEST_F(Describe, ClassOfOurOwnHasPlainNames) {
    const auto found = describe(R"(
import pythonservice as ps
class Base(ps.Service):
    dependencies = ("Tcpip",)
class Cleaner(Base):
    name = "cleaner"
    display_name = f"Cleaner of {name}"
    description = """Cleans up."""
    def run(self): pass
)");
    ASSERT_TRUE(found) << found.error().context;
    EXPECT_EQ(found->class_name, "Cleaner");
    EXPECT_EQ(found->name, "cleaner");
    EXPECT_EQ(found->display_name, "Cleaner of cleaner");
    EXPECT_EQ(found->description, "Cleans up.");
    EXPECT_EQ(found->dependencies, std::vector<std::string>{"Tcpip"});
}

TEST_F(Describe, ClassOfOurOwnIsNamedAfterItself) {
    const auto found = describe("from pythonservice import Service as Base\nclass Cleaner(Base):\n    pass\n");
    ASSERT_TRUE(found) << found.error().context;
    EXPECT_EQ(found->class_name, "Cleaner");
    EXPECT_EQ(found->name, "Cleaner");
    EXPECT_FALSE(found->imported);
}

TEST_F(Describe, ClassOfOurOwnMayHavePywin32sNames) {
    const auto found = describe(
        "from pythonservice import Service\nclass A(Service):\n    name = 'x'\n    _svc_name_ = 'old'\n");
    ASSERT_TRUE(found) << found.error().context;
    EXPECT_EQ(found->name, "old");
}

TEST_F(Describe, SomeOtherServiceClassIsNone) {
    const auto found = describe("from consul import Service\nclass A(Service):\n    name = 'x'\n");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::NoServiceClass);
}

TEST_F(Describe, FoldsConstants) {
    const auto found = describe(R"(
NAME = "svc"
VERSION = 3
class A:
    _svc_name_ = NAME + "-x"
    _svc_display_name_ = f"{NAME} {VERSION}"
    _svc_description_ = "%s of %s" % ("part", NAME)
)");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "svc-x");
    EXPECT_EQ(found->display_name, "svc 3");
    EXPECT_EQ(found->description, "part of svc");
    EXPECT_FALSE(found->imported);
}

TEST_F(Describe, EndlessLoopAtModuleLevelDoesNotHang) {
    const auto start = std::chrono::steady_clock::now();
    const auto found = describe("class A:\n    _svc_name_ = 'a'\nwhile True: pass\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "a");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
}

TEST_F(Describe, ScriptWithoutAServiceClassIsNeverExecuted) {
    const std::string marker = folder / "marker";
    const auto found = describe("open(r'" + marker + "', 'w')\nclass Other: pass\n");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::NoServiceClass);
    EXPECT_FALSE(std::filesystem::exists(marker));
}

TEST_F(Describe, LiteralsAreNoReasonToExecute) {
    const std::string marker = folder / "marker";
    ASSERT_TRUE(describe("open(r'" + marker + "', 'w')\nclass A:\n    _svc_name_ = 'a'\n    _exe_name_ = f()\n"));
    EXPECT_FALSE(std::filesystem::exists(marker));
}

TEST_F(Describe, ImportsWhenAValueIsNoLiteral) {
    const auto found = describe(R"(
import os
print("noise on stdout")
class A:
    _svc_name_ = "a" + str(1 + 1)
    _svc_display_name_ = os.path.basename("x/display")
)");
    ASSERT_TRUE(found) << found.error().context;
    EXPECT_TRUE(found->imported);
    EXPECT_EQ(found->name, "a2");
    EXPECT_EQ(found->display_name, "display");
}

TEST_F(Describe, FailedImportLeavesTheLiterals) {
    const auto found = describe(R"(
import a_module_that_is_not_there
class A:
    _svc_name_ = "a"
    _svc_description_ = a_module_that_is_not_there.text
)");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "a");
    EXPECT_EQ(found->unknown, (std::vector<std::string>{"description"}));
    EXPECT_NE(found->import_error.find("ModuleNotFoundError"), std::string::npos);
}

TEST_F(Describe, NameAssignedTwiceIsNoLiteral) {
    const auto found = describe("N = 'a'\nif True:\n    N = 'b'\nclass A:\n    _svc_name_ = N\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "b");
    EXPECT_TRUE(found->imported);
}

TEST_F(Describe, ExitAtImportIsAFailedImport) {
    const auto found = describe("import sys\nclass A:\n    _svc_name_ = str(1)\nsys.exit(3)\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "");
    EXPECT_NE(found->import_error.find("SystemExit"), std::string::npos);
}

TEST_F(Describe, SeveralClassesAreListed) {
    const std::string text = "class A:\n    _svc_name_ = 'a'\nclass B:\n    _svc_name_ = 'b'\n";
    const auto found = describe(text);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::SeveralServiceClasses);
    EXPECT_NE(found.error().context.find("A, B"), std::string::npos);
    const auto chosen = describe(text, "B");
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->name, "b");
}

TEST_F(Describe, BaseClassOfTheScriptIsNoCandidate) {
    const auto found = describe(R"(
class Base(ServiceFramework):
    _svc_name_ = "base"
    _svc_deps_ = ("Tcpip",)
class Real(Base):
    _svc_name_ = "real"
)");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->class_name, "Real");
    EXPECT_EQ(found->name, "real");
    EXPECT_EQ(found->dependencies, (std::vector<std::string>{"Tcpip"}));
}

TEST_F(Describe, PackagesAreLeftUpwards) {
    folder.file("pkg/__init__.py", "");
    folder.file("pkg/sub/__init__.py", "");
    const auto found = describe("class A:\n    _svc_name_ = 'a'\n", "", "pkg/sub/service.py");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->directory, folder.str());
    EXPECT_EQ(found->module, "pkg.sub.service");
    EXPECT_EQ(class_string_of(*found), folder.str() + "/pkg.sub.service.A");
    const auto by_class = describe_module("pkg.sub.service", "A");
    ASSERT_TRUE(by_class) << by_class.error().context;
    EXPECT_EQ(by_class->name, "a");
}

TEST_F(Describe, ClassThatTheModuleOnlyImportsIsFoundByImporting) {
    folder.file("other.py", "class A:\n    _svc_name_ = 'a'\n");
    folder.file("facade.py", "from other import A\n");
    const auto found = describe_module("facade", "A");
    ASSERT_TRUE(found) << found.error().context;
    EXPECT_EQ(found->name, "a");
}

TEST_F(Describe, SyntaxErrorNamesTheLine) {
    const auto found = describe("class A:\n    _svc_name_ = 'a\n");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::DescribeFailed);
    EXPECT_NE(found.error().context.find("line 2"), std::string::npos);
}

TEST_F(Describe, SourceEncodingIsHonoured) {
    const auto found = describe("# -*- coding: latin-1 -*-\nclass A:\n    _svc_name_ = 'caf\xE9'\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "caf\xC3\xA9");
}

TEST_F(Describe, PythonThatDoesNotRunIsAnError) {
    const auto child = make_child_process();
    const auto found = describe_script("/nowhere/python3", folder.file("a.py", ""), {}, *child);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::DescribeFailed);
}

}  // namespace
}  // namespace pysvc
