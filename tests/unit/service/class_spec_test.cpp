// SPDX-License-Identifier: MIT
#include "host/service/class_spec.hpp"

#include "tests/fakes/fake_config.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace pysvc {

std::ostream& operator<<(std::ostream& out, const ClassSpec& spec) {
    return out << "{'" << spec.directory << "', '" << spec.module << "', '" << spec.class_name << "'}";
}

namespace {

using fakes::FakeConfig;
using namespace std::string_view_literals;

struct Good {
    const char* name;
    std::string text;
    ClassSpec spec;

    friend std::ostream& operator<<(std::ostream& out, const Good& row) { return out << row.name; }
};

class ClassSpecAccepts : public testing::TestWithParam<Good> {};

TEST_P(ClassSpecAccepts, TheText) {
    const auto spec = parse_class_spec(GetParam().text);
    ASSERT_TRUE(spec) << describe(spec.error());
    EXPECT_EQ(*spec, GetParam().spec);
}

INSTANTIATE_TEST_SUITE_P(
    ClassSpec, ClassSpecAccepts,
    testing::Values(
        Good{"ModuleAndClass", "backup.Backup", {"", "backup", "Backup"}},
        Good{"Package", "pkg.sub.backup.Backup", {"", "pkg.sub.backup", "Backup"}},
        Good{"Directory", R"(C:\services\backup.Backup)", {R"(C:\services)", "backup", "Backup"}},
        Good{"DirectoryAndPackage", R"(C:\services\pkg.sub.Backup)", {R"(C:\services)", "pkg.sub", "Backup"}},
        Good{"Slashes", "C:/services/backup.Backup", {"C:/services", "backup", "Backup"}},
        Good{"MixedSeparators", R"(C:/services\deep/backup.Backup)", {R"(C:/services\deep)", "backup", "Backup"}},
        Good{"RootOfADrive", R"(C:\backup.Backup)", {R"(C:\)", "backup", "Backup"}},
        Good{"RootOfADriveWithPrefix", R"(\\?\C:\backup.Backup)", {R"(\\?\C:\)", "backup", "Backup"}},
        Good{"RootOfTheCurrentDrive", R"(\backup.Backup)", {R"(\)", "backup", "Backup"}},
        Good{"RootOfPosix", "/backup.Backup", {"/", "backup", "Backup"}},
        Good{"RootOfADriveWithSlash", "D:/backup.Backup", {"D:/", "backup", "Backup"}},
        Good{"Share", R"(\\server\share\backup.Backup)", {R"(\\server\share)", "backup", "Backup"}},
        Good{"LongPathPrefix", R"(\\?\C:\services\backup.Backup)", {R"(\\?\C:\services)", "backup", "Backup"}},
        Good{"RelativeDirectory", R"(services\backup.Backup)", {"services", "backup", "Backup"}},
        Good{"DotsInTheDirectory", R"(C:\app 1.2.3\backup.Backup)", {R"(C:\app 1.2.3)", "backup", "Backup"}},
        Good{"Colon", "backup:Backup", {"", "backup", "Backup"}},
        Good{"ColonAndPackage", "pkg.backup:Backup", {"", "pkg.backup", "Backup"}},
        Good{"ColonAndNestedClass", "backup:Outer.Inner", {"", "backup", "Outer.Inner"}},
        Good{"ColonAndDirectory", R"(C:\services\backup:Backup)", {R"(C:\services)", "backup", "Backup"}},
        Good{"FileAndColon", R"(C:\services\backup.py:Backup)", {R"(C:\services)", "backup", "Backup"}},
        Good{"FileAndDot", R"(C:\services\backup.py.Backup)", {R"(C:\services)", "backup", "Backup"}},
        Good{"FileInCapitals", R"(C:\SERVICES\BACKUP.PY:Backup)", {R"(C:\SERVICES)", "BACKUP", "Backup"}},
        Good{"FileWithoutDirectory", "backup.py:Backup", {"", "backup", "Backup"}},
        Good{"PosixPath", "/opt/services/backup.py:Backup", {"/opt/services", "backup", "Backup"}},
        Good{"SpaceInTheModule", R"(C:\my services\my backup.Backup)", {R"(C:\my services)", "my backup", "Backup"}},
        Good{"SpacesAround", "  backup.Backup \r\n", {"", "backup", "Backup"}},
        Good{"Quotes", R"("C:\my services\backup.Backup")", {R"(C:\my services)", "backup", "Backup"}},
        Good{"NonAscii", "C:\\Dienste für Öl\\sicherung.Überwacher", {"C:\\Dienste für Öl", "sicherung", "Überwacher"}},
        Good{"OutsideTheBasicPlane", "C:\\\xF0\x9F\x90\x8D\\svc.C", {"C:\\\xF0\x9F\x90\x8D", "svc", "C"}},
        Good{"LoneSurrogate", "C:\\\xED\xA0\x80\\svc.C", {"C:\\\xED\xA0\x80", "svc", "C"}},
        Good{"MoreThanMaxPath",
             "C:\\" + std::string(400, 'd') + "\\svc.C",
             {"C:\\" + std::string(400, 'd'), "svc", "C"}}),
    [](const auto& row) { return std::string(row.param.name); });

struct Bad {
    const char* name;
    std::string text;
    ErrorCode code;

    friend std::ostream& operator<<(std::ostream& out, const Bad& row) { return out << row.name; }
};

class ClassSpecRefuses : public testing::TestWithParam<Bad> {};

TEST_P(ClassSpecRefuses, TheText) {
    const auto spec = parse_class_spec(GetParam().text);
    ASSERT_FALSE(spec) << *spec;
    EXPECT_EQ(spec.error().code, GetParam().code) << describe(spec.error());
}

INSTANTIATE_TEST_SUITE_P(
    ClassSpec, ClassSpecRefuses,
    testing::Values(Bad{"Empty", "", ErrorCode::ClassValueEmpty}, Bad{"Blank", " \t\r\n ", ErrorCode::ClassValueEmpty},
                    Bad{"EmptyQuotes", "\"\"", ErrorCode::ClassValueEmpty},
                    Bad{"ModuleOnly", "backup", ErrorCode::ClassValueNoDot},
                    Bad{"DirectoryOnly", R"(C:\services\)", ErrorCode::ClassValueNoDot},
                    Bad{"DirectoryWithDots", R"(C:\app.v1\backup)", ErrorCode::ClassValueNoDot},
                    Bad{"FileOnly", R"(C:\services\backup.py)", ErrorCode::ClassValueNoDot},
                    Bad{"FileInCapitalsOnly", R"(C:\services\BACKUP.PY)", ErrorCode::ClassValueNoDot},
                    Bad{"NoModule", ".Backup", ErrorCode::ClassValueNoDot},
                    Bad{"NoModuleBeforeColon", ":Backup", ErrorCode::ClassValueNoDot},
                    Bad{"TrailingDot", "backup.", ErrorCode::ClassValueNoDot},
                    Bad{"TrailingColon", "backup:", ErrorCode::ClassValueNoDot},
                    Bad{"EmptyPart", "pkg..Backup", ErrorCode::ClassValueNoDot},
                    Bad{"EmptyPartInside", "pkg..sub.Backup", ErrorCode::ClassValueNoDot},
                    Bad{"DotsOnly", "...", ErrorCode::ClassValueNoDot},
                    Bad{"OnlyASuffix", ".py:Backup", ErrorCode::ClassValueNoDot},
                    Bad{"TooLong", std::string(10'001, 'a') + ".C", ErrorCode::ClassValueTooLong},
                    Bad{"NulInside", std::string("back\0up.Backup"sv), ErrorCode::ClassValueHasNul}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(ClassSpec, TakesTenThousandCharactersAndNotOneMore) {
    EXPECT_TRUE(parse_class_spec(std::string(9'998, 'a') + ".C"));
    const auto longer = parse_class_spec(std::string(9'999, 'a') + ".C");
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().code, ErrorCode::ClassValueTooLong);
    EXPECT_LT(longer.error().context.size(), 200U) << "the event is no place for the whole value";
}

TEST(ClassSpec, CountsTheLimitInUtf16Units) {
    std::string text;
    for (int i = 0; i < 4'999; ++i) text += "\xF0\x9F\x90\x8D";  // 4 bytes, 2 units
    EXPECT_TRUE(parse_class_spec(text + ".C"));
    EXPECT_FALSE(parse_class_spec(text + "x.C"));
}

TEST(ClassSpec, QuotesARefusedValueEscaped) {
    const auto spec = parse_class_spec("back\x1b[31mup");
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().context, R"('back\x1b[31mup')");
}

// ---- from the registry
// ----------------------------------------------------------------------------------------------

ErrorCode code_of(const Result<ClassSpec>& spec) { return spec ? ErrorCode::None : spec.error().code; }

TEST(ClassSpecInTheRegistry, IsReadAndParsed) {
    FakeConfig config;
    config.set_class("svc", R"(C:\services\backup.Backup)");
    const auto spec = read_class_spec("svc", config);
    ASSERT_TRUE(spec);
    EXPECT_EQ(*spec, (ClassSpec{R"(C:\services)", "backup", "Backup"}));
}

TEST(ClassSpecInTheRegistry, VariablesAreExpandedInExpandSzOnly) {
    FakeConfig config;
    config.set_variable("HOME", R"(D:\home)");
    config.set_class("svc", fakes::text_value(R"(%HOME%\backup.Backup)", fakes::kRegExpandSz));
    EXPECT_EQ(read_class_spec("svc", config)->directory, R"(D:\home)");
    config.set_class("svc", fakes::text_value(R"(%HOME%\backup.Backup)", fakes::kRegSz));
    EXPECT_EQ(read_class_spec("svc", config)->directory, "%HOME%");
}

TEST(ClassSpecInTheRegistry, EachWayToBeWrongHasItsCodeAndNamesTheKey) {
    FakeConfig config;
    EXPECT_EQ(code_of(read_class_spec("svc", config)), ErrorCode::ClassValueMissing);
    const auto expect = [&](RawValue value, ErrorCode code) {
        config.set_class("svc", std::move(value));
        const auto spec = read_class_spec("svc", config);
        EXPECT_EQ(code_of(spec), code);
        EXPECT_TRUE(!spec && spec.error().context.find(R"(Services\svc\PythonClass)") != std::string::npos);
    };
    expect(fakes::number_value(7), ErrorCode::ClassValueWrongType);
    expect(fakes::lines_value({"backup.Backup"}), ErrorCode::ClassValueWrongType);
    expect(fakes::raw_value(fakes::kRegBinary, u"backup.Backup"), ErrorCode::ClassValueWrongType);
    expect(fakes::text_value(""), ErrorCode::ClassValueEmpty);
    expect(RawValue{fakes::kRegSz, {}}, ErrorCode::ClassValueEmpty);
    expect(fakes::raw_value(fakes::kRegSz, u"back\0up.Backup"sv), ErrorCode::ClassValueHasNul);
    expect(fakes::text_value("backup"), ErrorCode::ClassValueNoDot);
    expect(fakes::text_value(std::string(1 << 20, 'a') + ".C"), ErrorCode::ClassValueTooLong);
}

TEST(ClassSpecInTheRegistry, AMissingTerminatorAndAnOddLengthAreTolerated) {
    FakeConfig config;
    config.set_class("svc", fakes::raw_value(fakes::kRegSz, u"backup.Backup"));
    EXPECT_EQ(read_class_spec("svc", config)->class_name, "Backup");
    RawValue odd = fakes::raw_value(fakes::kRegSz, u"backup.Backup");
    odd.data.push_back(std::byte{'x'});
    config.set_class("svc", odd);
    EXPECT_EQ(read_class_spec("svc", config)->class_name, "Backup");
}

TEST(ClassSpecInTheRegistry, AnErrorOfTheRegistryIsPassedOn) {
    FakeConfig config;
    config.fail_class({ErrorCode::OperatingSystem, 5, "opening the key"});
    const auto spec = read_class_spec("svc", config);
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().code, ErrorCode::OperatingSystem);
    EXPECT_EQ(spec.error().os_code, 5U);
}

}  // namespace
}  // namespace pysvc
