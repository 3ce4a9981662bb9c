// SPDX-License-Identifier: MIT
#include "host/base/paths.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "host/commands/service_plan.hpp"
#include "tests/unit/commands/recording_ports.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace pysvc {
namespace {

using fakes::RecordingPorts;

InstallRequest request_for(const RecordingPorts& fake) {
    InstallRequest request;
    request.subject = fake.script;
    return request;
}

TEST(InstallCommand, WritesWhatTheDesignSays) {
    RecordingPorts fake;
    const auto code = install_command(request_for(fake), fake.ports);
    ASSERT_TRUE(code) << code.error().context;
    EXPECT_EQ(*code, 0);
    const auto& service = fake.scm.installed.at("backup");
    EXPECT_EQ(service.setup.display_name, "Nightly backup");
    EXPECT_EQ(service.setup.description, "Copies files");
    EXPECT_EQ(service.setup.image_path, "\"" + fake.ports.folders.executable + "\"");
    EXPECT_EQ(service.setup.start_type, 2U);
    EXPECT_TRUE(service.recovery);
    EXPECT_TRUE(service.recovery_without_crash);

    const auto text = [&](const std::string& key, const char* name) { return read_text(fake.registry, key, name); };
    EXPECT_EQ(text(python_class_key("backup"), ""), absolute_from(fake.folder.str(), "backup.Backup"));
    EXPECT_EQ(text(parameters_key("backup"), "Python"), "/python/python.exe");
    EXPECT_EQ(text(parameters_key("backup"), "WorkingDirectory"), fake.folder.str());
    EXPECT_EQ(text(event_source_key("backup"), "EventMessageFile"),
              absolute_from(fake.ports.folders.directory, kMessageFile));
    EXPECT_EQ(text(event_source_key("backup"), "CategoryMessageFile"),
              absolute_from(fake.ports.folders.directory, kMessageFile));
    const auto event_number = [&](const char* name) -> std::uint32_t {
        const RawValue& value = fake.registry.keys.at(event_source_key("backup")).at(name);
        std::uint32_t number = 0;
        if (value.type == 4 && value.data.size() == sizeof number)
            std::memcpy(&number, value.data.data(), sizeof number);
        return number;
    };
    EXPECT_EQ(event_number("TypesSupported"), 7U);
    EXPECT_EQ(event_number("CategoryCount"), kEventCategoryCount);
    EXPECT_EQ(fake.made_folders.size(), 1U);
    ASSERT_EQ(fake.child.requests.size(), 2U);
    EXPECT_EQ(fake.child.requests[1].arguments[2], "compileall");
    EXPECT_NE(fake.output.out.find("backup: installed"), std::string::npos);
    EXPECT_NE(fake.output.out.find("registered"), std::string::npos);
}

TEST(InstallCommand, OptionsWin) {
    RecordingPorts fake;
    InstallRequest request = request_for(fake);
    request.name = "other";
    request.display_name = "Other";
    request.description = "Text";
    request.startup = Startup::Delayed;
    request.python = "/my/python.exe";
    request.interactive = true;
    ASSERT_TRUE(install_command(std::move(request), fake.ports));
    const auto& setup = fake.scm.installed.at("other").setup;
    EXPECT_EQ(setup.display_name, "Other");
    EXPECT_EQ(setup.description, "Text");
    EXPECT_TRUE(setup.delayed);
    EXPECT_EQ(setup.service_type, 0x110U);
    EXPECT_EQ(read_text(fake.registry, parameters_key("other"), "Python"),
              absolute_from(fake.folder.str(), "/my/python.exe"));
}

TEST(InstallCommand, VersionIsHandedOnAndThePathThatItLedToIsStored) {
    RecordingPorts fake;
    InstallRequest request = request_for(fake);
    request.python = "3.13";
    ASSERT_TRUE(install_command(std::move(request), fake.ports));
    EXPECT_EQ(fake.queries.at(0).named, "3.13");
    const std::string found = absolute_from(fake.folder.str(), "3.13");
    EXPECT_EQ(read_text(fake.registry, parameters_key("backup"), "Python"), found);

    InstallRequest update;
    update.subject = "backup";
    update.python = "3.12";
    ASSERT_TRUE(update_command(std::move(update), fake.ports));
    EXPECT_EQ(fake.queries.back().named, "3.12");
    EXPECT_EQ(read_text(fake.registry, parameters_key("backup"), "Python"), absolute_from(fake.folder.str(), "3.12"));
}

TEST(InstallCommand, LevelsThatTheSystemLacksAreNoFailure) {
    for (const bool verbose : {false, true}) {
        RecordingPorts fake;
        fake.scm.failures["set_recovery"] = {124};
        fake.scm.failures["set_recovery_without_crash"] = {124};
        InstallRequest request = request_for(fake);
        request.verbose = verbose;
        ASSERT_TRUE(install_command(std::move(request), fake.ports));
        EXPECT_EQ(fake.output.err.find("not supported by this system") != std::string::npos, verbose);
    }
}

TEST(InstallCommand, RollsBackWhenALaterStepFails) {
    RecordingPorts fake;
    fake.registry.refused = "Parameters";
    const auto code = install_command(request_for(fake), fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 5);
    EXPECT_TRUE(fake.scm.installed.empty());
    EXPECT_FALSE(fake.registry.has_key(event_source_key("backup")));
    EXPECT_NE(code.error().context.find("removed again"), std::string::npos);
}

TEST(InstallCommand, WarnsOfWhatOthersCanChange) {
    RecordingPorts fake;
    fake.permissions.descriptors[fake.folder.str()] = "O:BAD:(A;;FW;;;BU)";
    ASSERT_EQ(install_command(request_for(fake), fake.ports), 0);
    EXPECT_NE(fake.output.err.find("warning: others can change"), std::string::npos) << fake.output.err;
    EXPECT_NE(fake.output.err.find("the folder of the service's code, the working directory"), std::string::npos)
        << fake.output.err;
    EXPECT_NE(fake.output.err.find("icacls \"" + fake.folder.str()), std::string::npos) << fake.output.err;
    EXPECT_EQ(fake.scm.installed.count("backup"), 1U);
}

TEST(InstallCommand, StrictRefusesWhatOthersCanChangeAndWritesNothing) {
    RecordingPorts fake;
    fake.permissions.descriptors[fake.script] = "O:BAD:(A;;FW;;;BU)";
    InstallRequest request = request_for(fake);
    request.strict = true;
    request.username = "joe";
    const auto refused = install_command(std::move(request), fake.ports);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::WritableByOthers);
    EXPECT_EQ(exit_code_of(refused.error()), 1);
    EXPECT_NE(refused.error().context.find(fake.script), std::string::npos);
    EXPECT_NE(refused.error().context.find("/grant:r \"*S-1-5-32-545:RX\""), std::string::npos);
    EXPECT_TRUE(fake.scm.calls.empty());
    EXPECT_TRUE(fake.registry.keys.empty());
    EXPECT_TRUE(fake.made_folders.empty());
    EXPECT_TRUE(fake.output.prompts.empty());

    fake.permissions.descriptors.clear();
    request = request_for(fake);
    request.strict = true;
    EXPECT_EQ(install_command(std::move(request), fake.ports), 0);
}

TEST(InstallCommand, StrictUpdateIsRefusedAsWell) {
    RecordingPorts fake;
    ASSERT_TRUE(install_command(request_for(fake), fake.ports));
    fake.permissions.descriptors[fake.script] = "O:BAD:(A;;FW;;;BU)";
    const auto keys = fake.registry.keys.size();
    InstallRequest update;
    update.subject = "backup";
    update.display_name = "Other";
    update.strict = true;
    const auto refused = update_command(std::move(update), fake.ports);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::WritableByOthers);
    EXPECT_EQ(fake.registry.keys.size(), keys);
    EXPECT_EQ(fake.scm.installed.at("backup").setup.display_name, "Nightly backup");
}

TEST(InstallCommand, FilesOfTheServicesOwnAccountAreNoExposure) {
    RecordingPorts fake;
    fake.permissions.descriptors[fake.script] = "O:S-1-5-21-1-2-3-1001D:(A;;FA;;;S-1-5-21-1-2-3-1001)";
    fake.permissions.sids[".\\joe"] = "S-1-5-21-1-2-3-1001";
    InstallRequest request = request_for(fake);
    request.username = "joe";
    request.strict = true;
    EXPECT_EQ(install_command(std::move(request), fake.ports), 0);
    EXPECT_EQ(fake.output.err.find("others can change"), std::string::npos) << fake.output.err;
}

TEST(InstallCommand, PathsThatAServiceDoesNotHaveAreRefusedBeforeAnythingIsDone) {
    for (const char* refused : {"backup.py", "elsewhere", "python.exe", "PythonService.exe", "logs"}) {
        RecordingPorts fake;
        ASSERT_TRUE(write_text(fake.registry, parameters_key("backup"), "LogDirectory", "/logs"));
        const auto keys = fake.registry.keys;
        fake.refused_path = refused;
        InstallRequest request = request_for(fake);
        std::filesystem::create_directory(fake.folder.path() / "elsewhere");
        request.working_directory = "elsewhere";
        const auto code = install_command(std::move(request), fake.ports);
        ASSERT_FALSE(code) << refused;
        EXPECT_EQ(code.error().code, ErrorCode::PathRefused) << refused;
        EXPECT_NE(code.error().context.find(refused), std::string::npos) << code.error().context;
        EXPECT_TRUE(fake.scm.calls.empty()) << refused;
        EXPECT_EQ(fake.registry.keys.size(), keys.size()) << refused;
    }
}

TEST(InstallCommand, PathsAreWrittenAsTheServiceWillSeeThem) {
    RecordingPorts fake;
    fake.ports.local_path = [](const std::string& path) -> Result<std::string> { return path + "-long"; };
    std::filesystem::create_directory(fake.folder.path() / "elsewhere-long");
    InstallRequest request = request_for(fake);
    request.working_directory = "elsewhere";
    ASSERT_TRUE(install_command(std::move(request), fake.ports));
    EXPECT_EQ(fake.child.requests.at(0).arguments.back(), fake.script + "-long");
    const std::string parameters = parameters_key("backup");
    EXPECT_EQ(read_text(fake.registry, parameters, "WorkingDirectory"),
              absolute_from(fake.folder.str(), "elsewhere") + "-long");
    EXPECT_EQ(read_text(fake.registry, parameters, "Python"), "/python/python.exe-long");
}

TEST(InstallCommand, NamesThatNoServiceShouldHaveAreRefused) {
    const std::string names[] = {"a/b",      "a\\b",       std::string(257, 'x'),  "a\nb",          std::string("a\0b", 3),
                                 "\x1B[31mred", "\xE2\x80\xAE" "cod.exe", "\xED\xA0\x80"};
    for (const std::string& name : names) {
        RecordingPorts fake;
        InstallRequest request = request_for(fake);
        request.name = name;
        const auto code = install_command(std::move(request), fake.ports);
        ASSERT_FALSE(code) << name;
        EXPECT_EQ(code.error().code, ErrorCode::Usage) << name;
        EXPECT_TRUE(fake.scm.installed.empty()) << name;
    }
    for (const std::string& name : {std::string(256, 'x'), std::string("CON"), std::string("dot."), std::string("a:b")}) {
        RecordingPorts fake;
        InstallRequest request = request_for(fake);
        request.name = name;
        EXPECT_TRUE(install_command(std::move(request), fake.ports)) << name;
    }
}

TEST(InstallCommand, ImagePathIsAlwaysQuoted) {
    for (const char* program : {"C:\\my dir\\PythonService.exe", "C:\\dir\\PythonService.exe"}) {
        for (const char* group : {"", "my group"}) {
            RecordingPorts fake;
            fake.ports.folders.executable = program;
            InstallRequest request = request_for(fake);
            request.group = group;
            ASSERT_TRUE(install_command(std::move(request), fake.ports));
            const std::string& line = fake.scm.installed.at("backup").setup.image_path;
            EXPECT_EQ(line, fmt::format("\"{}\"{}", program, *group ? " --service --group \"my group\"" : ""));
        }
    }
}

TEST(InstallCommand, PasswordIsNowhereButInTheCallThatNeedsIt) {
    constexpr char kPassword[] = "p\xC3\xA4ss w\"ord 1234";
    for (const bool fails : {false, true}) {
        RecordingPorts fake;
        if (fails) fake.scm.failures["create"] = {1057};
        InstallRequest request = request_for(fake);
        request.username = ".\\joe";
        request.password.emplace(std::string(kPassword));
        request.verbose = true;
        const auto code = install_command(std::move(request), fake.ports);
        EXPECT_EQ(code.has_value(), !fails);
        static_cast<void>(finish(code, fake.output));
        if (!fails) {
            EXPECT_EQ(fake.scm.installed.at("backup").password, kPassword);
            ASSERT_EQ(status_command({"backup", true, false}, fake.ports), 0);
            ASSERT_EQ(status_command({"backup", false, false}, fake.ports), 0);
        }
        std::string everything = fake.output.out + fake.output.err;
        for (const auto& [name, service] : fake.scm.installed) everything += service.setup.image_path;
        for (const ChildRequest& child : fake.child.requests) {
            everything += child.input;
            for (const std::string& argument : child.arguments) everything += argument;
        }
        for (const auto& [key, values] : fake.registry.keys) {
            for (const auto& [name, value] : values) {
                everything.append(reinterpret_cast<const char*>(value.data.data()), value.data.size());
            }
        }
        // As UTF-8 and, in the registry, as UTF-16.
        EXPECT_EQ(everything.find("1234"), std::string::npos);
        EXPECT_EQ(everything.find(std::string("1\0" "2\0" "3\0" "4", 7)), std::string::npos);
    }
}

TEST(InstallCommand, AccessDeniedNamesElevation) {
    RecordingPorts fake;
    fake.scm.failures["create"] = {5};
    const auto code = install_command(request_for(fake), fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(finish(code, fake.output), 5);
    EXPECT_NE(fake.output.err.find("administrator"), std::string::npos);
}

TEST(InstallCommand, InstallingAgainUpdatesAndSaysWhatChanged) {
    RecordingPorts fake;
    ASSERT_TRUE(install_command(request_for(fake), fake.ports));
    fake.output.out.clear();
    ASSERT_EQ(install_command(request_for(fake), fake.ports), 0);
    EXPECT_NE(fake.output.out.find("backup: unchanged"), std::string::npos);

    InstallRequest request = request_for(fake);
    request.startup = Startup::Manual;
    request.python = "/new/python.exe";
    fake.output.out.clear();
    ASSERT_EQ(install_command(std::move(request), fake.ports), 0);
    EXPECT_NE(fake.output.out.find("start type: auto -> manual"), std::string::npos);
    EXPECT_NE(fake.output.out.find("Python: /python/python.exe -> "), std::string::npos);
    EXPECT_EQ(std::ranges::count(fake.scm.calls, std::string("create backup")), 1);
}

TEST(InstallCommand, InstalledServiceKeepsItsPython) {
    RecordingPorts fake;
    const std::string python = fake.folder.file(u8"venv/python.exe", "");
    ASSERT_TRUE(install_command(request_for(fake), fake.ports));
    ASSERT_TRUE(write_text(fake.registry, parameters_key("backup"), "Python", python));
    fake.queries.clear();
    ASSERT_TRUE(install_command(request_for(fake), fake.ports));
    EXPECT_EQ(fake.queries.back().stored, python);
}

TEST(InstallCommand, LeavesServicesOfOthersAlone) {
    RecordingPorts fake;
    fake.scm.add("backup").setup.image_path = "C:\\other.exe";
    const auto code = install_command(request_for(fake), fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 1073);
    EXPECT_TRUE(fake.scm.calls.empty());
}

TEST(InstallCommand, PasswordOnTheCommandLineIsWarnedAboutAndNotShown) {
    RecordingPorts fake;
    InstallRequest request = request_for(fake);
    request.username = "joe";
    request.password.emplace(std::string("s3cret"));
    ASSERT_TRUE(install_command(std::move(request), fake.ports));
    EXPECT_EQ(fake.scm.installed.at("backup").setup.account, ".\\joe");
    EXPECT_EQ(fake.scm.installed.at("backup").password, "s3cret");
    EXPECT_NE(fake.output.err.find("warning: a password on the command line"), std::string::npos);
    EXPECT_EQ((fake.output.err + fake.output.out).find("s3cret"), std::string::npos);
}

TEST(InstallCommand, AsksForThePasswordOfAUserOnly) {
    RecordingPorts fake;
    InstallRequest request = request_for(fake);
    request.username = "DOM\\joe";
    ASSERT_TRUE(install_command(std::move(request), fake.ports));
    EXPECT_EQ(fake.scm.installed.at("backup").password, "from the prompt");
    for (const char* account : {"LocalService", "NT SERVICE\\x", "DOM\\gmsa$", "LocalSystem"}) {
        EXPECT_FALSE(needs_password(account_name(account))) << account;
    }
    EXPECT_EQ(account_name("localservice"), "NT AUTHORITY\\LocalService");
    EXPECT_EQ(account_name("joe@dom.example"), "joe@dom.example");
}

TEST(InstallCommand, StartsWhenAsked) {
    RecordingPorts fake;
    InstallRequest request = request_for(fake);
    request.start = true;
    ASSERT_EQ(install_command(std::move(request), fake.ports), 0);
    EXPECT_EQ(fake.scm.installed.at("backup").snapshot.state, State::Running);
}

TEST(InstallCommand, ServiceNameIsNoSubject) {
    RecordingPorts fake;
    InstallRequest request;
    request.subject = "backup";
    const auto code = install_command(std::move(request), fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 2);
}

TEST(UpdateCommand, ChangesOnlyWhatWasSaid) {
    RecordingPorts fake;
    ASSERT_TRUE(install_command(request_for(fake), fake.ports));
    fake.child.requests.clear();
    InstallRequest request;
    request.subject = "backup";
    request.startup = Startup::Disabled;
    ASSERT_EQ(update_command(std::move(request), fake.ports), 0);
    EXPECT_EQ(fake.scm.installed.at("backup").setup.start_type, 4U);
    EXPECT_EQ(fake.scm.installed.at("backup").setup.display_name, "Nightly backup");
    EXPECT_TRUE(fake.child.requests.empty());
}

TEST(UpdateCommand, UnknownServiceIs1060) {
    RecordingPorts fake;
    InstallRequest request = request_for(fake);
    const auto code = update_command(std::move(request), fake.ports);
    ASSERT_FALSE(code);
    EXPECT_EQ(exit_code_of(code.error()), 1060);
}

}  // namespace
}  // namespace pysvc
