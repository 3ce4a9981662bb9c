// SPDX-License-Identifier: MIT
// Services that share a process: what the commands write for them, and what they refuse.
#include "host/commands/service_group.hpp"

#include "host/commands/commands.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using fakes::RecordingPorts;
using Names = std::vector<std::string>;

constexpr std::uint32_t kOwn = 0x10;
constexpr std::uint32_t kShared = 0x20;

class ServiceGroup : public testing::Test {
protected:
    /// `backup`, or what `name` says, in `group`.
    Result<int> install(const std::optional<std::string>& group, const std::string& name = {},
                        const std::string& account = {}) {
        InstallRequest request;
        request.subject = fake.script;
        request.name = name;
        request.group = group;
        request.username = account;
        fake.output.out.clear();
        fake.output.err.clear();
        return install_command(std::move(request), fake.ports);
    }
    Result<int> update(const std::string& service, const std::optional<std::string>& group,
                       const std::string& account = {}) {
        InstallRequest request;
        request.subject = service;
        request.group = group;
        request.username = account;
        fake.output.out.clear();
        fake.output.err.clear();
        return update_command(std::move(request), fake.ports);
    }
    Names members(const std::string& group) { return group_members(fake.registry, group).value_or(Names{"?"}); }
    bool has_value(const std::string& group) { return fake.registry.read(kGroupsKey, group).value().has_value(); }
    const ServiceSetup& setup(const std::string& service) { return fake.scm.installed.at(service).setup; }
    std::string own_image() { return "\"" + fake.ports.folders.executable + "\""; }
    std::string image_of(const std::string& group) { return own_image() + " --service --group " + group; }
    bool printed(const std::string& text) {
        return (fake.output.out + fake.output.err).find(text) != std::string::npos;
    }

    RecordingPorts fake;
};

TEST_F(ServiceGroup, IsReadBackFromTheImagePath) {
    EXPECT_EQ(group_in(image_of("G")), "G");
    EXPECT_EQ(group_in(image_of("\"my group\"")), "my group");
    EXPECT_EQ(group_in(own_image()), "");
    EXPECT_EQ(group_in(own_image() + " --group G"), "");
    EXPECT_EQ(group_in("C:\\x.exe --service --group G -more"), "G");
    EXPECT_EQ(group_in(""), "");
}

TEST_F(ServiceGroup, InstallMakesASharedServiceAndAddsItsName) {
    ASSERT_EQ(install("my group"), 0) << fake.output.err;
    EXPECT_EQ(setup("backup").image_path, image_of("\"my group\""));
    EXPECT_EQ(setup("backup").service_type, kShared);
    EXPECT_EQ(members("my group"), Names{"backup"});
    EXPECT_EQ(fake.registry.keys.at(kGroupsKey).at("my group").type, registry_type::kLines);
    EXPECT_TRUE(printed("group: my group"));
    ASSERT_EQ(install("my group", "second"), 0);
    EXPECT_EQ(members("my group"), (Names{"backup", "second"}));
    EXPECT_EQ(setup("backup").image_path, setup("second").image_path) << "or the SCM would not share the process";
}

TEST_F(ServiceGroup, NoGroupIsAProcessOfItsOwn) {
    ASSERT_EQ(install(std::nullopt), 0);
    ASSERT_EQ(install("", "second"), 0);
    for (const char* name : {"backup", "second"}) {
        EXPECT_EQ(setup(name).image_path, own_image());
        EXPECT_EQ(setup(name).service_type, kOwn);
    }
    EXPECT_FALSE(fake.registry.has_key(kGroupsKey));
}

TEST_F(ServiceGroup, InteractiveStaysWhatItIs) {
    InstallRequest request;
    request.subject = fake.script;
    request.interactive = true;
    request.group = "G";
    ASSERT_EQ(install_command(std::move(request), fake.ports), 0);
    EXPECT_EQ(setup("backup").service_type, 0x120U);
    ASSERT_EQ(update("backup", ""), 0);
    EXPECT_EQ(setup("backup").service_type, 0x110U);
}

TEST_F(ServiceGroup, InstallingAgainKeepsTheGroup) {
    ASSERT_EQ(install("G"), 0);
    ASSERT_EQ(install(std::nullopt), 0);
    EXPECT_TRUE(printed("backup: unchanged")) << fake.output.out;
    EXPECT_EQ(setup("backup").image_path, image_of("G"));
    EXPECT_EQ(members("G"), Names{"backup"});
}

TEST_F(ServiceGroup, InstallingAgainRepairsTheList) {
    ASSERT_EQ(install("G"), 0);
    ASSERT_TRUE(leave_group(fake.registry, "G", "backup"));
    ASSERT_EQ(install(std::nullopt), 0);
    EXPECT_EQ(members("G"), Names{"backup"});
}

TEST_F(ServiceGroup, InstallingAgainWithAnotherGroupMovesIt) {
    ASSERT_EQ(install("A"), 0);
    ASSERT_EQ(install("A", "stays"), 0);
    ASSERT_EQ(install("B"), 0);
    EXPECT_TRUE(printed("group: A -> B")) << fake.output.out;
    EXPECT_EQ(members("A"), Names{"stays"});
    EXPECT_EQ(members("B"), Names{"backup"});
    EXPECT_EQ(setup("backup").image_path, image_of("B"));
}

TEST_F(ServiceGroup, UpdateMovesFromItsOwnProcessAndBack) {
    ASSERT_EQ(install(std::nullopt), 0);
    ASSERT_EQ(update("backup", "G"), 0);
    EXPECT_TRUE(printed("group: (none) -> G")) << fake.output.out;
    EXPECT_TRUE(printed("type: 0x10 -> 0x20")) << fake.output.out;
    EXPECT_EQ(setup("backup").image_path, image_of("G"));
    EXPECT_EQ(members("G"), Names{"backup"});

    ASSERT_EQ(update("backup", ""), 0);
    EXPECT_TRUE(printed("group: G -> (none)")) << fake.output.out;
    EXPECT_EQ(setup("backup").image_path, own_image());
    EXPECT_EQ(setup("backup").service_type, kOwn);
    EXPECT_FALSE(has_value("G")) << "an empty list is taken away";
}

TEST_F(ServiceGroup, UpdateOfSomethingElseLeavesTheGroupAlone) {
    ASSERT_EQ(install("G"), 0);
    InstallRequest request;
    request.subject = "backup";
    request.startup = Startup::Manual;
    ASSERT_EQ(update_command(std::move(request), fake.ports), 0);
    EXPECT_EQ(setup("backup").image_path, image_of("G"));
    EXPECT_EQ(setup("backup").service_type, kShared);
    EXPECT_EQ(members("G"), Names{"backup"});
}

TEST_F(ServiceGroup, AGroupOfOtherCaseIsTheSameGroup) {
    ASSERT_EQ(install("G"), 0);
    ASSERT_TRUE(join_group(fake.registry, "G", "BACKUP"));
    EXPECT_EQ(members("G"), Names{"backup"});
    ASSERT_TRUE(leave_group(fake.registry, "G", "BackUp"));
    EXPECT_FALSE(has_value("G"));
}

TEST_F(ServiceGroup, RemoveTakesTheNameOut) {
    ASSERT_EQ(install("G"), 0);
    ASSERT_EQ(install("G", "second"), 0);
    ASSERT_EQ(remove_command({"backup", false, {}}, fake.ports), 0);
    EXPECT_EQ(members("G"), Names{"second"});
    ASSERT_EQ(remove_command({"second", false, {}}, fake.ports), 0);
    EXPECT_FALSE(has_value("G"));
}

TEST_F(ServiceGroup, AFailedInstallTakesTheNameOut) {
    ASSERT_EQ(install("G", "first"), 0);
    fake.scm.failures["set_description"] = {5};
    const auto code = install("G");
    ASSERT_FALSE(code);
    EXPECT_FALSE(fake.scm.installed.contains("backup"));
    EXPECT_EQ(members("G"), Names{"first"});
}

TEST_F(ServiceGroup, AListThatCannotBeWrittenIsAFailureThatLeavesNothing) {
    fake.registry.refused = "PythonService\\Groups";
    const auto code = install("G");
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 5);
    EXPECT_TRUE(fake.scm.installed.empty());
}

TEST_F(ServiceGroup, AFailedUpdateTakesTheNameOutOfTheNewGroup) {
    ASSERT_EQ(install("A"), 0);
    fake.scm.failures["change"] = {5};
    const auto code = update("backup", "B");
    ASSERT_FALSE(code);
    EXPECT_EQ(members("A"), Names{"backup"});
    EXPECT_FALSE(has_value("B"));
    EXPECT_EQ(setup("backup").image_path, image_of("A"));
}

TEST_F(ServiceGroup, ArgumentsOfTheClassAreRefused) {
    const std::string described = fake.child.answer.output;
    fake.child.answer.output = described.substr(0, described.find("end=")) + "exe_args=-quick\nend=\n";
    const auto code = install("G");
    ASSERT_FALSE(code);
    EXPECT_EQ(finish(code, fake.output), 2);
    EXPECT_TRUE(printed("-quick") && printed("equal command lines")) << fake.output.err;
    EXPECT_TRUE(fake.scm.calls.empty());
    ASSERT_EQ(install(std::nullopt), 0);
    EXPECT_EQ(setup("backup").image_path, own_image() + " -quick");
}

TEST_F(ServiceGroup, ArgumentsOfAnInstalledServiceAreRefused) {
    fake.scm.add("old").setup.image_path = own_image() + " -quick";
    const auto code = update("old", "G");
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 2);
    EXPECT_EQ(setup("old").image_path, own_image() + " -quick");
    EXPECT_FALSE(has_value("G"));
}

TEST_F(ServiceGroup, AnotherAccountThanTheMembersIsRefusedWithTheReason) {
    ASSERT_EQ(install("G", "first", "LocalService"), 0);
    const auto code = install("G");
    ASSERT_FALSE(code);
    EXPECT_EQ(finish(code, fake.output), 1079);
    for (const char* part :
         {"LocalSystem", "'first'", "NT AUTHORITY\\LocalService", "share one process", "--username"}) {
        EXPECT_TRUE(printed(part)) << part << " in " << fake.output.err;
    }
    EXPECT_FALSE(fake.scm.installed.contains("backup"));
    EXPECT_EQ(members("G"), Names{"first"});
    ASSERT_EQ(install("G", "", "localservice"), 0) << fake.output.err;
}

TEST_F(ServiceGroup, AnotherAccountForOneMemberIsRefusedToo) {
    ASSERT_EQ(install("G", "first"), 0);
    ASSERT_EQ(install("G"), 0);
    const auto code = update("backup", std::nullopt, "LocalService");
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 1079);
    ASSERT_EQ(update("backup", "", "LocalService"), 0);
    ASSERT_EQ(update("first", std::nullopt, "LocalService"), 0) << "alone in its group";
}

TEST_F(ServiceGroup, ANameThatWasLeftBehindDecidesNothing) {
    ASSERT_TRUE(join_group(fake.registry, "G", "gone"));
    ASSERT_EQ(install("G", "", "LocalService"), 0);
    EXPECT_EQ(members("G"), (Names{"gone", "backup"}));
}

TEST_F(ServiceGroup, AServiceThatHasLeftByOtherMeansDecidesNothing) {
    ASSERT_EQ(install("G", "left"), 0);
    fake.scm.installed.at("left").setup.image_path = own_image();
    ASSERT_EQ(install("G", "", "LocalService"), 0) << fake.output.err;
}

TEST_F(ServiceGroup, NamesThatCannotBeReadBackAreRefused) {
    for (const std::string& name :
         {std::string("a\"b"), std::string("a\\b"), std::string("a\nb"), std::string(257, 'x')}) {
        const auto code = install(name);
        ASSERT_FALSE(code) << name;
        EXPECT_EQ(exit_code_of(code.error()), 2);
    }
    EXPECT_TRUE(fake.scm.calls.empty());
}

TEST_F(ServiceGroup, AGroupWhoseProcessRunsTakesTheServiceLater) {
    ASSERT_EQ(install("G", "first"), 0);
    EXPECT_FALSE(printed("takes no new service"));
    fake.scm.installed.at("first").snapshot = fakes::FakeScmClient::in_state(State::Running, 42);
    ASSERT_EQ(install("G"), 0);
    EXPECT_TRUE(printed("takes no new service")) << fake.output.err;
    ASSERT_EQ(install("G"), 0);
    EXPECT_FALSE(printed("takes no new service")) << "it was said when it joined";
}

TEST_F(ServiceGroup, StatusShowsIt) {
    ASSERT_EQ(install("G"), 0);
    fake.output.out.clear();
    ASSERT_EQ(status_command({"backup", false, false}, fake.ports), 0);
    EXPECT_TRUE(printed("  group: G\n")) << fake.output.out;
    fake.output.out.clear();
    ASSERT_EQ(status_command({"backup", true, false}, fake.ports), 0);
    EXPECT_TRUE(printed(R"("group": "G")")) << fake.output.out;
}

}  // namespace
}  // namespace pysvc
