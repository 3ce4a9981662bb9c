// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace pysvc::test {

/// The folder of this program, which is also that of PythonService.exe.
[[nodiscard]] std::filesystem::path program_folder();

[[nodiscard]] std::filesystem::path host_executable();

/// The folder of the test services.
[[nodiscard]] std::filesystem::path services_folder();

/// The python.exe that the services use: PYSVC_TEST_PYTHON, or C:\Python313\python.exe.
[[nodiscard]] std::filesystem::path python_executable();

/// A folder of this run for reports, logs and scripts; its name has a space and characters of no ANSI code page.
[[nodiscard]] const std::filesystem::path& work_folder();

/// An environment variable as UTF-8; empty when it is not set.
[[nodiscard]] std::string environment_variable(const char* name);

/// Wine, as opposed to Windows.
[[nodiscard]] bool is_wine();

/// UTF-8, as everything in the tests is.
[[nodiscard]] std::string text_of(const std::filesystem::path& path);
[[nodiscard]] std::filesystem::path path_of(const std::string& text);

}  // namespace pysvc::test
