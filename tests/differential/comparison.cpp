// SPDX-License-Identifier: MIT
#include "tests/differential/comparison.hpp"

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"

#include <fstream>
#include <optional>
#include <set>

namespace pysvc::test {
namespace {

constexpr char kNothing[] = "(nothing)";

struct Values {
    std::string pywin32;
    std::string here;
    friend bool operator==(const Values&, const Values&) = default;
};

/// The lines `behaviour = value | value` of differences.txt; the rest of that file is for docs/pywin32-compatibility.md.
std::map<std::string, Values> read_differences() {
    std::map<std::string, Values> differences;
    for (const std::string& line : complete_lines(read_file(scripts_folder() / L"differences.txt"))) {
        const auto equals = line.find(" = ");
        const auto bar = line.find(" | ", equals);
        if (line.starts_with('#') || equals == line.npos || bar == line.npos) continue;
        differences[line.substr(0, equals)] = {line.substr(equals + 3, bar - equals - 3), line.substr(bar + 3)};
    }
    EXPECT_FALSE(differences.empty()) << "differences.txt is missing or empty";
    return differences;
}

const Values* intended(const std::string& behaviour) {
    static const std::map<std::string, Values> differences = read_differences();
    const auto found = differences.find(behaviour);
    return found == differences.end() ? nullptr : &found->second;
}

void write_result(const std::string& behaviour, const char* result, const Values& values) {
    const std::string file = environment_variable("PYSVC_CONTRACT_RESULTS");
    if (file.empty()) return;
    std::ofstream out(path_of(file), std::ios::binary | std::ios::app);
    out << behaviour << '\t' << result << '\t' << values.pywin32 << '\t' << values.here << '\n';
}

/// Two tests that call different things by one name would hide each other's differences.
void expect_new(const std::string& behaviour) {
    static std::map<std::string, std::string> seen;
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const std::string name = std::string(test->test_suite_name()) + '.' + test->name();
    const auto& first = seen.try_emplace(behaviour, name).first->second;
    EXPECT_EQ(first, name) << behaviour << " is used by two tests";
}

void compare(const std::string& behaviour, const Values& values) {
    expect_new(behaviour);
    const Values* difference = intended(behaviour);
    if (difference != nullptr) {
        EXPECT_EQ(values.pywin32, difference->pywin32) << behaviour << ": pywin32 is not as differences.txt has it";
        EXPECT_EQ(values.here, difference->here) << behaviour << ": we are not as differences.txt has it";
        EXPECT_NE(values.pywin32, values.here) << behaviour << " is no difference (any more)";
        return write_result(behaviour, "intended", values);
    }
    EXPECT_EQ(values.pywin32, values.here) << behaviour << " differs (first pywin32, then here)";
    write_result(behaviour, values.pywin32 == values.here ? "equal" : "different", values);
}

Behaviours behaviours_of(Host host, const std::function<void(HostRun&)>& drive) {
    SCOPED_TRACE(name_of(host));
    HostRun run(host);
    drive(run);
    return run.behaviours();
}

}  // namespace

void compare_hosts(const std::function<void(HostRun&)>& drive) {
    const Behaviours pywin32 = behaviours_of(Host::Pywin32, drive);
    const Behaviours here = behaviours_of(Host::Here, drive);
    std::set<std::string> names;
    for (const auto& [name, value] : pywin32) names.insert(name);
    for (const auto& [name, value] : here) names.insert(name);
    EXPECT_FALSE(names.empty()) << "nothing was seen";
    const auto value_in = [](const Behaviours& all, const std::string& name) {
        const auto found = all.find(name);
        return found == all.end() ? std::string(kNothing) : found->second;
    };
    for (const std::string& name : names) compare(name, {value_in(pywin32, name), value_in(here, name)});
}

}  // namespace pysvc::test
