// SPDX-License-Identifier: MIT
// A PythonClass value that cannot be used: its own event, text and exit code each. Python is not even looked for.
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

struct Case {
    const char* name;
    std::uint32_t type;
    std::string bytes;
    std::uint32_t event;
    const char* text;
};

std::string units(const std::string& text) { return registry::units_of(text); }

class ClassValue : public ::testing::TestWithParam<Case> {};

TEST_P(ClassValue, IsRefusedWithItsCause) {
    const Case& bad = GetParam();
    TestService service("");
    // Where there is no Python either: the value comes first.
    service.set("Python", R"(C:\nowhere\python.exe)");
    service.set_class_value(bad.type, bad.bytes);
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(logged(service, bad.event, "error", bad.text));
    EXPECT_TRUE(logged(service, bad.event, "error", service.key().substr(service.key().rfind('\\')) + "\\PythonClass"));
}

INSTANTIATE_TEST_SUITE_P(
    Bad, ClassValue,
    ::testing::Values(
        Case{"Number", registry::kNumber, std::string("\1\0\0\0", 4), 0xC0002002, "registry type 4"},
        Case{"Binary", registry::kBinary, "abc", 0xC0002002, "registry type 3"},
        Case{"SeveralTexts", registry::kTexts, units("a.B") + units(""), 0xC0002002, "registry type 7"},
        Case{"Empty", registry::kText, units(""), 0xC0002003, "is empty"},
        Case{"Blanks", registry::kText, units("   "), 0xC0002003, "is empty"},
        Case{"NoDot", registry::kText, units(R"(C:\a.dir\module)"), 0xC0000080, R"('C:\a.dir\module')"},
        Case{"TrailingDot", registry::kText, units("module."), 0xC0000080, "'module.'"},
        Case{"EmptyPart", registry::kText, units("a..B"), 0xC0000080, "'a..B'"},
        Case{"TooLong", registry::kText, units("m." + std::string(10'000, 'C')), 0xC0002005, "10002 characters"},
        Case{"NulInside", registry::kText, units("module.Cla") + units("ss"), 0xC0002006, "NUL"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ClassValueMissing, IsRefusedWithTheKeyPath) {
    TestService service("");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(logged(service, 0xC00000F4, "error", service.key() + "\\PythonClass"));
}

TEST(ClassValueMissing, LongestBelievedValueIsLookedUp) {
    TestService service("");
    service.set_class_value(registry::kText, units("m." + std::string(9'998, 'C')));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(logged(service, 0xC0000004, "error", "'m'"));
}

TEST(ClassValueForms, UnterminatedTextIsTaken) {
    TestService service("light.Light");
    const std::string value = registry::read_text(service.key() + "\\PythonClass", "").value_or("");
    const std::string terminated = units(value);
    service.set_class_value(registry::kText, std::string_view(terminated).substr(0, terminated.size() - 2));
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(ClassValueForms, ColonSlashAndSuffixAreTaken) {
    TestService service("light.Light");
    std::string value = registry::read_text(service.key() + "\\PythonClass", "").value_or("");
    value.replace(value.rfind("light.Light"), std::string::npos, "light.py:Light");
    value[value.rfind('\\')] = '/';
    service.set_class(value);
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
