// SPDX-License-Identifier: MIT
// The engine's modules that stand in for pywin32's, side by side with pywin32's in one python.exe.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

TEST(CompatibleModules, AreAsPywin32sAre) {
    const auto script = program_folder() / L"differential" / L"compare_modules.py";
    const auto finder = program_folder() / L"wheel" / L"_pythonservice_finder.py";
    Command python(python_executable(), {text_of(script), text_of(program_folder()), text_of(finder)}, {});
    EXPECT_EQ(python.wait(), 0u);
    // Every difference is a line in front of this one.
    EXPECT_TRUE(python.output().starts_with("compared {")) << python.output();
}

}  // namespace
}  // namespace pysvc::test
