// SPDX-License-Identifier: MIT
#include "host/cli/app.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

Result<ParsedCommand> parse(const std::vector<std::string>& typed) {
    auto line = normalise(typed);
    if (!line) return failure(line.error());
    return parse_command(std::move(*line));
}

template <class Request>
Request parsed(const std::vector<std::string>& typed) {
    auto command = parse(typed);
    EXPECT_TRUE(command) << command.error().context;
    EXPECT_TRUE(command && std::holds_alternative<Request>(*command));
    return command ? std::get<Request>(std::move(*command)) : Request{};
}

TEST(App, TakesPywin32SpellingsOfInstall) {
    const auto request = parsed<InstallRequest>({"--startup", "delayed", "--username=dom\\joe", "--interactive",
                                                 "--perfmonini", "a.ini", "--perfmondll", "a.dll", "install", "a.py"});
    EXPECT_EQ(request.subject, "a.py");
    EXPECT_EQ(request.startup, Startup::Delayed);
    EXPECT_EQ(request.username, "dom\\joe");
    EXPECT_TRUE(request.interactive);
    EXPECT_EQ(request.perfmon_ini, "a.ini");
    EXPECT_EQ(request.perfmon_dll, "a.dll");
}

TEST(App, TakesOwnOptionsOfInstall) {
    const auto request =
        parsed<InstallRequest>({"install", "--Python", "C:\\py", "--name", "n", "--display-name", "D n",
                                "--description=x y", "--start", "--working-directory", "w", "a.py", "-v"});
    EXPECT_EQ(request.python, "C:\\py");
    EXPECT_EQ(request.name, "n");
    EXPECT_EQ(request.display_name, "D n");
    EXPECT_EQ(request.description, "x y");
    EXPECT_EQ(request.working_directory, "w");
    EXPECT_TRUE(request.start);
    EXPECT_TRUE(request.verbose);
}

TEST(App, StrictOfInstallAndUpdateIsAboutPermissions) {
    EXPECT_FALSE(parsed<InstallRequest>({"install", "a.py"}).strict);
    const auto install = parsed<InstallRequest>({"-install", "--Strict", "a.py"});
    EXPECT_TRUE(install.strict);
    EXPECT_FALSE(install.wait.strict) << "a service that runs already is still no error of --start";
    EXPECT_TRUE(parsed<UpdateCommand>({"update", "a.py", "--strict"}).request.strict);
}

TEST(App, DoctorTakesItsCheckAsAFlagBeforeAndAfterTheSubject) {
    EXPECT_EQ(parsed<DoctorRequest>({"doctor", "--python", "a.py"}).subject, "a.py");
    EXPECT_EQ(parsed<DoctorRequest>({"doctor", "a.py", "--python"}).subject, "a.py");
    EXPECT_EQ(parsed<DoctorRequest>({"doctor"}).subject, "");
    EXPECT_FALSE(parsed<DoctorRequest>({"doctor", "a.py"}).json);
    EXPECT_TRUE(parsed<DoctorRequest>({"doctor", "--json", "--python", "a.py"}).json);
}

TEST(App, EmptyArgumentIsOneTooMany) {
    for (const char* verb : {"install", "update"}) {
        EXPECT_EQ(parse({verb, "a.py", "", "b"}).error().code, ErrorCode::Usage);
        EXPECT_EQ(parse({verb, "a.py", "", "--start"}).error().code, ErrorCode::Usage);
    }
}

TEST(App, OneProgramOnly) {
    const auto both = parse({"install", "--script", "a.py", "--module", "b"});
    ASSERT_FALSE(both);
    EXPECT_NE(both.error().context.find("--script excludes --module"), std::string::npos) << both.error().context;
}

TEST(App, EmptyDescriptionIsNotTheSameAsNone) {
    EXPECT_EQ(parsed<InstallRequest>({"install", "a.py", "--description", ""}).description, "");
    EXPECT_EQ(parsed<InstallRequest>({"install", "a.py"}).description, std::nullopt);
}

TEST(App, GroupTakesANameEvenThatOfAVerb) {
    EXPECT_EQ(parsed<InstallRequest>({"install", "a.py", "--group", "my group"}).group, "my group");
    EXPECT_EQ(parsed<InstallRequest>({"--group", "start", "install", "a.py"}).group, "start");
    EXPECT_EQ(parsed<InstallRequest>({"install", "a.py", "--group", ""}).group, "");
    EXPECT_EQ(parsed<InstallRequest>({"install", "a.py"}).group, std::nullopt);
    EXPECT_EQ(parsed<UpdateCommand>({"update", "svc", "--group=G"}).request.group, "G");
}

TEST(App, StartupIsCaseInsensitiveAndChecked) {
    EXPECT_EQ(parsed<InstallRequest>({"install", "--startup", "AUTO"}).startup, Startup::Auto);
    const auto wrong = parse({"install", "--startup", "sometimes"});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::Usage);
}

TEST(App, WindowsPathIsASubjectAndNoOption) {
    EXPECT_EQ(parsed<InstallRequest>({"install", "/srv/a.py"}).subject, "/srv/a.py");
}

TEST(App, WaitAndTimeoutAreSeconds) {
    EXPECT_EQ(parsed<StopRequest>({"--wait", "7", "stop", "x"}).wait.limit, std::chrono::seconds(7));
    EXPECT_EQ(parsed<StopRequest>({"stop", "x", "--timeout=8"}).wait.limit, std::chrono::seconds(8));
    EXPECT_EQ(parsed<StopRequest>({"stop", "x"}).wait.limit, std::nullopt);
    EXPECT_FALSE(parse({"stop", "x", "--wait", "soon"}));
}

TEST(App, StartTakesParametersForTheService) {
    const auto request = parsed<StartRequest>({"start", "x", "one", "two words", "--strict"});
    EXPECT_EQ(request.service, "x");
    EXPECT_EQ(request.arguments, (std::vector<std::string>{"one", "two words"}));
    EXPECT_TRUE(request.wait.strict);
}

TEST(App, ServicesMayBeNamedLikeVerbs) { EXPECT_EQ(parsed<RemoveRequest>({"remove", "status"}).service, "status"); }

TEST(App, DebugLeavesServiceArgumentsAlone) {
    const auto request = parsed<DebugCommand>({"-debug", "svc", "--name", "n", "--help"});
    EXPECT_EQ(request.subject, "svc");
    EXPECT_EQ(request.name, "");
    EXPECT_EQ(request.arguments, (std::vector<std::string>{"--name", "n", "--help"}));
}

TEST(App, MissingServiceIsUsage) {
    for (const char* verb : {"start", "stop", "restart", "remove"}) {
        const auto command = parse({verb});
        ASSERT_FALSE(command) << verb;
        EXPECT_EQ(command.error().code, ErrorCode::Usage);
        EXPECT_NE(command.error().context.find(verb), std::string::npos);
    }
}

TEST(App, UnknownOptionIsUsageAndNamed) {
    const auto command = parse({"stop", "x", "--frob"});
    ASSERT_FALSE(command);
    EXPECT_NE(command.error().context.find("--frob"), std::string::npos);
}

TEST(App, PasswordIsNeverInAMessage) {
    const auto command = parse({"install", "--password", "s3cret", "--frob"});
    ASSERT_FALSE(command);
    EXPECT_EQ(command.error().context.find("s3cret"), std::string::npos);
}

TEST(App, HelpOfAVerbListsItsOptions) {
    EXPECT_NE(parsed<HelpText>({"install", "--help"}).text.find("--startup"), std::string::npos);
    EXPECT_NE(parsed<HelpText>({"help", "stop"}).text.find("--no-wait"), std::string::npos);
    EXPECT_NE(parsed<HelpText>({"--help"}).text.find("install"), std::string::npos);
}

}  // namespace
}  // namespace pysvc
