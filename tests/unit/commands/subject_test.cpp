// SPDX-License-Identifier: MIT
#include "host/commands/subject.hpp"

#include "host/base/paths.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/registration.hpp"
#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using fakes::RecordingPorts;
using fakes::TemporaryFolder;

TEST(Subject, ExistingFileIsAScript) {
    const TemporaryFolder folder;
    const std::string path = folder.file(u8"a.py", "");
    const auto subject = resolve_subject("a.py", folder.str());
    ASSERT_TRUE(subject);
    EXPECT_EQ(subject->kind, SubjectKind::Script);
    EXPECT_EQ(subject->text, path);
}

TEST(Subject, NonAsciiFileIsAScript) {
    const TemporaryFolder folder;
    const std::string path = folder.file(u8"d\u00e9p\u00f4t/\u65e5\u672c.py", "");
    const auto subject = resolve_subject(path, "/");
    ASSERT_TRUE(subject);
    EXPECT_EQ(subject->text, path);
}

TEST(Subject, FileAndClass) {
    const TemporaryFolder folder;
    folder.file(u8"a.py", "");
    const auto subject = resolve_subject("a.py:Second", folder.str());
    ASSERT_TRUE(subject);
    EXPECT_EQ(subject->kind, SubjectKind::Script);
    EXPECT_EQ(subject->class_name, "Second");
}

TEST(Subject, MissingScriptIsFileNotFound) {
    const TemporaryFolder folder;
    for (const char* text : {"a.py", "a.PYW", "a.py:Class", "folder/a"}) {
        const auto subject = resolve_subject(text, folder.str());
        ASSERT_FALSE(subject) << text;
        EXPECT_EQ(subject.error().code, ErrorCode::FileNotFound) << text;
    }
}

TEST(Subject, DotOrColonIsAClass) {
    const TemporaryFolder folder;
    for (const char* text : {"pkg.mod.Service", "pkg.mod:Service"}) {
        const auto subject = resolve_subject(text, folder.str());
        ASSERT_TRUE(subject) << text;
        EXPECT_EQ(subject->kind, SubjectKind::Class);
        EXPECT_EQ(subject->spec.module, "pkg.mod");
        EXPECT_EQ(subject->spec.class_name, "Service");
        EXPECT_EQ(subject->spec.directory, "");
    }
}

TEST(Subject, ClassOfTheCurrentFolderGetsThatFolder) {
    const TemporaryFolder folder;
    folder.file(u8"mod.py", "");
    const auto subject = resolve_subject("mod.Service", folder.str());
    ASSERT_TRUE(subject);
    EXPECT_EQ(subject->spec.directory, folder.str());
}

TEST(Subject, AnythingElseIsAService) {
    const TemporaryFolder folder;
    const auto subject = resolve_subject("backup", folder.str());
    ASSERT_TRUE(subject);
    EXPECT_EQ(subject->kind, SubjectKind::Service);
}

TEST(Subject, DefaultIsTheScriptNamedLikeTheProgram) {
    const TemporaryFolder folder;
    const std::string beside = folder.file(u8"bin/Backup.py", "");
    folder.file(u8"other.py", "_svc_name_ = 'x'");
    const auto subject =
        default_subject({folder.str() + "/bin/Backup.exe", folder.str() + "/bin", folder.str(), folder.str()});
    ASSERT_TRUE(subject);
    EXPECT_EQ(subject->text, beside);
}

TEST(Subject, DefaultIsElseTheOnlyServiceScriptHere) {
    const TemporaryFolder folder;
    folder.file(u8"helper.py", "print()");
    const std::string script = folder.file(u8"service.py", "_svc_name_ = 'x'");
    const ProgramFolders folders{folder.str() + "/bin/Host.exe", folder.str() + "/bin", folder.str(), folder.str()};
    const auto subject = default_subject(folders);
    ASSERT_TRUE(subject);
    EXPECT_EQ(subject->text, script);

    folder.file(u8"second.py", "class A(ServiceFramework): pass");
    const auto several = default_subject(folders);
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().code, ErrorCode::Usage);
    EXPECT_NE(several.error().context.find("second.py"), std::string::npos);
}

TEST(DebugCommand, DescribesAScript) {
    RecordingPorts fake;
    DebugCommand command;
    command.subject = fake.script;
    command.arguments = {"one", "--two"};
    const auto code = debug_command(command, fake.ports);
    ASSERT_TRUE(code);
    EXPECT_EQ(*code, 7);
    EXPECT_EQ(fake.debugged->service_name, "backup");
    EXPECT_EQ(fake.debugged->class_string, absolute_from(fake.folder.str(), "backup.Backup"));
    EXPECT_EQ(fake.debugged->args, command.arguments);
    EXPECT_EQ(fake.debugged->python, "/python/python.exe");
    EXPECT_EQ(fake.debugged->script_directory, fake.folder.str());
}

TEST(DebugCommand, TakesAnInstalledServiceByItsDisplayName) {
    RecordingPorts fake;
    fake.scm.add("backup").setup.display_name = "Nightly backup";
    DebugCommand command;
    command.subject = "Nightly backup";
    ASSERT_TRUE(debug_command(command, fake.ports));
    EXPECT_EQ(fake.debugged->service_name, "backup");
    EXPECT_EQ(fake.debugged->class_string, std::nullopt);
    EXPECT_TRUE(fake.child.requests.empty());
}

TEST(DebugCommand, ServiceNameWithADotIsNoClass) {
    RecordingPorts fake;
    fake.scm.add("My.Service");
    ASSERT_TRUE(write_text(fake.registry, python_class_key("My.Service"), "", "x.Y"));
    DebugCommand command;
    command.subject = "My.Service";
    ASSERT_TRUE(debug_command(command, fake.ports));
    EXPECT_EQ(fake.debugged->service_name, "My.Service");
    EXPECT_EQ(fake.debugged->class_string, std::nullopt);
}

TEST(DebugCommand, ServiceMayRunWithAnotherPythonGivenByVersion) {
    RecordingPorts fake;
    ASSERT_TRUE(write_text(fake.registry, python_class_key("svc"), "", "x.Y"));
    DebugCommand command;
    command.subject = "svc";
    command.python = "3.13";
    ASSERT_TRUE(debug_command(command, fake.ports));
    ASSERT_EQ(fake.queries.size(), 1U);
    EXPECT_EQ(fake.queries[0].named, "3.13");
    // What the version led to, not the version: the host is told which file to take.
    EXPECT_EQ(fake.debugged->python, absolute_from(fake.folder.str(), "3.13"));
}

}  // namespace
}  // namespace pysvc
