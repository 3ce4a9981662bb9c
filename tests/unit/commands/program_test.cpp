// SPDX-License-Identifier: MIT
#include "host/commands/program.hpp"

#include "host/base/paths.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/registration.hpp"
#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace pysvc {
namespace {

using fakes::RecordingPorts;
using Texts = std::vector<std::string>;

ProgramRequest program(const std::string& kind, const std::string& target) {
    ProgramRequest request;
    request.kind = kind;
    request.target = target;
    return request;
}

/// The ports of a Python that finds the program.
struct ProgramPorts : RecordingPorts {
    ProgramPorts() { describe_as("script", "app"); }

    void describe_as(const std::string& kind, const std::string& name) {
        child.answer.output = "directory=" + folder.str() + "\nmodule=pythonservice.programs." + kind +
                              "\nclass=Program\nname=" + name + "\nend=\n";
    }
    /// Installs `app.py` as the service `app`.
    void install(Texts arguments = {}) {
        InstallRequest request;
        request.program = program("script", folder.file(u8"app.py", "pass\n"));
        if (!arguments.empty()) request.program.arguments = std::move(arguments);
        const auto code = install_command(std::move(request), ports);
        ASSERT_TRUE(code) << code.error().context;
    }
    [[nodiscard]] std::optional<std::string> value(const char* name) {
        return read_text(registry, parameters_key("app"), name);
    }
    [[nodiscard]] Texts arguments() { return *read_lines(registry, parameters_key("app"), "ProgramArguments"); }
};

TEST(ProgramKind, IsInTheClassString) {
    EXPECT_EQ(program_kind_of("C:\\my app\\pythonservice.programs.script.Program"), "script");
    EXPECT_EQ(program_kind_of("pythonservice.programs.asgi.Program"), "asgi");
    EXPECT_EQ(program_kind_of("C:\\app\\service.Service"), "");
    EXPECT_EQ(program_kind_of(""), "");
}

TEST(ProgramSubject, ModulesAreThoseOfTheFolderThatIsMeant) {
    const fakes::TemporaryFolder folder;
    folder.file(u8"pkg/__init__.py", "");
    const auto directory = [&](const char* target, const std::string& working_directory) {
        return program_subject(program("call", target), working_directory, folder.str())->spec.directory;
    };
    EXPECT_EQ(directory("pkg.jobs:run", ""), folder.str());
    EXPECT_EQ(directory("installed:run", ""), "") << "the current folder of an elevated shell is no place for code";
    EXPECT_EQ(directory("installed:run", "work"), absolute_from(folder.str(), "work"));
}

TEST(ProgramSubject, MissingScriptIsFileNotFound) {
    const fakes::TemporaryFolder folder;
    const auto subject = program_subject(program("script", "none.py"), "", folder.str());
    ASSERT_FALSE(subject);
    EXPECT_EQ(subject.error().code, ErrorCode::FileNotFound);
}

TEST(ProgramCheck, OptionsMustFitTheKind) {
    ProgramRequest bind;
    bind.bind = "0.0.0.0:80";
    ProgramRequest signal;
    signal.stop_signal = "SIGTERM";
    ProgramRequest arguments;
    arguments.arguments = Texts{"a", ""};
    EXPECT_TRUE(check_program(bind, "asgi"));
    EXPECT_FALSE(check_program(bind, "script"));
    EXPECT_FALSE(check_program(bind, ""));
    EXPECT_TRUE(check_program(signal, "call"));
    EXPECT_FALSE(check_program(signal, "wsgi"));
    EXPECT_FALSE(check_program(arguments, "script")) << "a REG_MULTI_SZ cannot hold an empty text";
    EXPECT_TRUE(check_program({}, ""));
    EXPECT_FALSE(check_program_group("script", "shared"));
    EXPECT_TRUE(check_program_group("", "shared"));
}

TEST(ProgramCheck, AddressIsHostAndPort) {
    const auto taken = [](const char* address) {
        ProgramRequest request;
        request.bind = address;
        return check_program(request, "wsgi").has_value();
    };
    for (const char* good : {"127.0.0.1:8000", "localhost:1", "[::1]:65535"}) EXPECT_TRUE(taken(good)) << good;
    for (const char* bad : {"8000", ":8000", "host:", "host:0", "host:65536", "host:http", "::1:80", ""}) {
        EXPECT_FALSE(taken(bad)) << bad;
    }
}

TEST(ProgramInstall, WritesWhatRunsAndHow) {
    ProgramPorts fake;
    InstallRequest request;
    request.program = program("script", fake.folder.file(u8"app.py", "pass\n"));
    request.program.arguments = Texts{"--fast", "a b"};
    request.program.stop_signal = "SIGTERM";
    request.program.control_hook = "hooks:on_control";
    const auto code = install_command(std::move(request), fake.ports);
    ASSERT_TRUE(code) << code.error().context;
    const std::string script = absolute_from(fake.folder.str(), "app.py");
    EXPECT_EQ(fake.child.requests.at(0).arguments,
              (Texts{"-I", "-", "program", "script", fake.folder.str(), script, "hooks:on_control"}));
    EXPECT_EQ(read_text(fake.registry, python_class_key("app"), ""),
              absolute_from(fake.folder.str(), "pythonservice.programs.script.Program"));
    EXPECT_EQ(fake.value("Program"), script);
    EXPECT_EQ(fake.value("StopSignal"), "SIGTERM");
    EXPECT_EQ(fake.value("ControlHook"), "hooks:on_control");
    EXPECT_EQ(fake.value("Bind"), std::nullopt);
    EXPECT_EQ(fake.value("WorkingDirectory"), fake.folder.str());
    EXPECT_EQ(fake.arguments(), (Texts{"--fast", "a b"}));
    EXPECT_NE(fake.output.out.find("program: script " + script + " --fast \"a b\""), std::string::npos)
        << fake.output.out;
}

TEST(ProgramInstall, SubjectBesideAProgramIsUsage) {
    ProgramPorts fake;
    InstallRequest request;
    request.subject = "--fast";
    request.program = program("module", "pkg");
    const auto code = install_command(std::move(request), fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(code.error().code, ErrorCode::Usage);
    EXPECT_NE(code.error().context.find("after --"), std::string::npos);
}

TEST(ProgramInstall, WhatPythonDoesNotFindIsRefused) {
    ProgramPorts fake;
    fake.child.answer.output = "error=program\nmessage=uvicorn%20is%20not%20installed\nend=\n";
    InstallRequest request;
    request.program = program("asgi", "pkg:app");
    const auto code = install_command(std::move(request), fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(code.error().code, ErrorCode::ProgramNotRunnable);
    EXPECT_EQ(code.error().context, "uvicorn is not installed");
    EXPECT_TRUE(fake.scm.installed.empty());
}

TEST(ProgramUpdate, ChangesOneThingAndKeepsTheOthers) {
    ProgramPorts fake;
    fake.install({"--fast"});
    InstallRequest request;
    request.subject = "app";
    request.program.stop_signal = "none";
    ASSERT_TRUE(update_command(std::move(request), fake.ports));
    EXPECT_EQ(fake.value("StopSignal"), "none");
    EXPECT_EQ(fake.arguments(), Texts{"--fast"});
    EXPECT_NE(fake.output.out.find("StopSignal: (none) -> none"), std::string::npos) << fake.output.out;

    request = {};
    request.subject = "app";
    request.program.arguments = Texts{"--slow", "x"};
    ASSERT_TRUE(update_command(std::move(request), fake.ports));
    EXPECT_EQ(fake.arguments(), (Texts{"--slow", "x"}));
    EXPECT_NE(fake.output.out.find("ProgramArguments: --fast -> --slow x"), std::string::npos) << fake.output.out;
}

TEST(ProgramUpdate, AnotherProgramHasItsOwnArguments) {
    ProgramPorts fake;
    fake.install({"--fast"});
    fake.describe_as("module", "pkg");
    InstallRequest request;
    request.subject = "app";
    request.program = program("module", "pkg");
    const auto code = update_command(std::move(request), fake.ports);
    ASSERT_TRUE(code) << code.error().context;
    EXPECT_EQ(installed_program_kind(fake.registry, "app"), "module");
    EXPECT_EQ(fake.value("Program"), "pkg");
    EXPECT_TRUE(fake.arguments().empty());
}

TEST(ProgramUpdate, OptionsAreCheckedAgainstWhatIsInstalled) {
    ProgramPorts fake;
    fake.install();
    InstallRequest request;
    request.subject = "app";
    request.program.bind = "0.0.0.0:80";
    EXPECT_EQ(update_command(std::move(request), fake.ports).error().code, ErrorCode::Usage);
    request = {};
    request.subject = "app";
    request.group = "shared";
    EXPECT_EQ(update_command(std::move(request), fake.ports).error().code, ErrorCode::Usage);
}

TEST(ProgramUpdate, AClassInPlaceOfAProgramLeavesNothingOfIt) {
    ProgramPorts fake;
    fake.install({"--fast"});
    fake.child.answer.output = "directory=" + fake.folder.str() + "\nmodule=backup\nclass=Backup\nname=app\nend=\n";
    InstallRequest request;
    request.subject = fake.script;
    ASSERT_TRUE(install_command(std::move(request), fake.ports));
    EXPECT_EQ(installed_program_kind(fake.registry, "app"), "");
    EXPECT_EQ(fake.value("Program"), std::nullopt);
    EXPECT_TRUE(fake.arguments().empty());
}

TEST(ProgramStatus, ShowsTheProgramInsteadOfItsClass) {
    ProgramPorts fake;
    fake.install({"--fast"});
    fake.output.out.clear();
    ASSERT_TRUE(status_command({"app", false, false}, fake.ports));
    const std::string line = "program: script " + absolute_from(fake.folder.str(), "app.py") + " --fast\n";
    EXPECT_NE(fake.output.out.find(line), std::string::npos) << fake.output.out;
    EXPECT_EQ(fake.output.out.find("class:"), std::string::npos);
}

TEST(ProgramDebug, HandsTheSettingsToTheHost) {
    ProgramPorts fake;
    fake.describe_as("asgi", "pkg");
    DebugCommand command;
    command.program = program("asgi", "pkg:app");
    command.program.bind = "127.0.0.1:99";
    command.arguments = {"a"};
    ASSERT_TRUE(debug_command(command, fake.ports));
    ASSERT_TRUE(fake.debugged);
    EXPECT_EQ(fake.debugged->service_name, "pkg");
    EXPECT_EQ(fake.debugged->class_string,
              absolute_from(fake.folder.str(), "pythonservice.programs.asgi.Program"));
    EXPECT_EQ(fake.debugged->args, Texts{"a"});
    ASSERT_EQ(fake.debugged->parameters.size(), 2U);
    EXPECT_EQ(fake.debugged->parameters[0].name, "Program");
    EXPECT_EQ(fake.debugged->parameters[1].name, "Bind");
    EXPECT_EQ(fake.debugged->parameters[1].value.data, raw_text("127.0.0.1:99").data);
}

}  // namespace
}  // namespace pysvc
