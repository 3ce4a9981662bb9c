// SPDX-License-Identifier: MIT
// Code that cannot be loaded, constructed or run: event, text and exit code of each.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

const std::string kGreetings = "Gr\xC3\xBC\xC3\x9F" "e \xE6\x9C\x8D\xE5\x8A\xA1";

struct Case {
    const char* name;
    const char* class_string;
    Ended ended;
    std::uint32_t event;
    std::vector<std::string> texts;
};

class Failure : public ::testing::TestWithParam<Case> {};

TEST_P(Failure, IsAnEventWithItsCauseAndAnExitCode) {
    const Case& bad = GetParam();
    TestService service(bad.class_string);
    EXPECT_EQ(service.start_and_wait_for_end(), bad.ended);
    for (const std::string& text : bad.texts) EXPECT_TRUE(logged(service, bad.event, "error", text));
    // One failure, one event.
    EXPECT_EQ(service.log().events().size(), 1u) << service.log().text();
}

INSTANTIATE_TEST_SUITE_P(
    ToLoad, Failure,
    ::testing::Values(
        Case{"ModuleMissing", "no_such_module.Service", specific(1), 0xC0000004,
             {"module-not-found", "No module named 'no_such_module'", "services"}},
        Case{"ImportOfModuleMissing", "import_misses.Service", specific(1), 0xC0002012,
             {"import-raised", "a_package_that_nobody_has", "import_misses.py"}},
        Case{"ClassMissing", "framework.Servise", specific(1), 0xC0000005, {"class-not-found", "did you mean 'Service'"}},
        Case{"NotAClass", "constructors.not_a_class", specific(1), 0xC0000005, {"is no class but a 'int'"}},
        Case{"SyntaxError", "syntax_error.Service", specific(1), 0xC0002011,
             {"module-syntax-error", "syntax_error.py", "line 3", "def SvcRun(self)"}},
        Case{"ImportRaises", "import_raises.Service", specific(1), 0xC0002012,
             {"import-raised", "RuntimeError: import: " + kGreetings, "import_raises.py"}},
        Case{"ImportExits", "import_exits.Service", specific(1), 0xC0002012, {"SystemExit: 5"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

INSTANTIATE_TEST_SUITE_P(
    ToConstruct, Failure,
    ::testing::Values(Case{"ConstructorRaises", "constructors.Raises", specific(1), 0xC000000A,
                           {"constructor-raised", "OSError: [Errno 5] constructor: " + kGreetings}},
                      Case{"ConstructorTakesNothing", "constructors.TakesNothing", specific(1), 0xC000000A,
                           {"TypeError", "positional argument"}},
                      Case{"ConstructorExits", "constructors.Exits", specific(1), 0xC000000A, {"SystemExit: 4"}},
                      Case{"NoRun", "constructors.NoRun", specific(0x20002015), 0xC0000002,
                           {"no-run-method", "NoRun", "SvcRun"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

INSTANTIATE_TEST_SUITE_P(
    ToRun, Failure,
    ::testing::Values(Case{"RunRaises", "endings.RunRaises", specific(0x20000001), 0xC0000003,
                           {"run-raised", "ValueError: SvcDoRun: " + kGreetings + " \xF0\x9F\x98\x80 %1 100%",
                            "endings.py", "in SvcDoRun"}},
                      Case{"RunRaisesFromAnother", "endings.RunRaisesFromAnother", specific(0x20000001), 0xC0000003,
                           {"KeyError: 'the first cause'", "direct cause", "RuntimeError: the second"}},
                      Case{"KeyboardInterrupted", "endings.KeyboardInterrupted", specific(0x20000001), 0xC0000003,
                           {"KeyboardInterrupt"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(FailureToStart, OfAClassThatRaisedStartupErrorIsSilent) {
    TestService service("constructors.StartupError");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(service.report().has("raising"));
    EXPECT_EQ(service.log().events().size(), 0u) << service.log().text();
}

TEST(FailureToStart, NamesWhatRanWhereAndAsWhom) {
    TestService service("import_raises.Service");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    const std::string folder = text_of(services_folder());
    for (const std::string& text : {service.name(), "\nclass: " + folder + "\\import_raises.Service\n",
                                    "\nsys.path:\n  " + folder + "\n", "\ninterpreter: " + text_of(python_executable()),
                                    std::string("\naccount: "), std::string("\nlikely cause: ")}) {
        EXPECT_TRUE(logged(service, 0xC0002012, "error", text));
    }
}

TEST(FailureToStart, LeavesNoProcessBehind) {
    TestService service("import_raises.Service");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    // Again at once: nothing of the first start is in the way.
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_EQ(service.log().events(0xC0002012).size(), 2u);
}

TEST(Names, MayBeAnything) {
    const auto folder = work_folder() / L"Skripte für 服务 😀";
    std::filesystem::create_directories(folder);
    std::filesystem::copy_file(services_folder() / L"reporting.py", folder / L"reporting.py",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy_file(services_folder() / L"framework.py", folder / L"dienst_größe.py",
                               std::filesystem::copy_options::overwrite_existing);
    TestService service(text_of(folder / L"dienst_größe.Service"), " Dienst für 服务 \xF0\x9F\x98\x80");
    service.start();
    EXPECT_NE(service.report().wait("args").find("Dienst f\\xfcr \\u670d\\u52a1 \\U0001f600"), std::string::npos);
    EXPECT_EQ(service.stop(), kSuccess);
    service.set_class(text_of(folder / L"dienst_größe.Größe"));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(logged(service, 0xC0000005, "error", "Größe"));
    EXPECT_TRUE(logged(service, 0xC0000005, "error", service.name()));
}

}  // namespace
}  // namespace pysvc::test
