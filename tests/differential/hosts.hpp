// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace pysvc::test {

/// Whose `servicemanager` a script meets.
enum class Host { Pywin32, Here };

/// `pywin32` or `here`, as differences.txt and the results have it.
[[nodiscard]] const char* name_of(Host host);

/// pywin32's pythonservice.exe, brought to where pywin32's own `install` brings it: beside python3XX.dll, with
/// pywintypes3XX.dll; or PythonService.exe.
[[nodiscard]] std::filesystem::path executable_of(Host host);

/// The file that scripts find as servicemanager.__file__: the one with the event messages.
[[nodiscard]] std::filesystem::path message_file_of(Host host);

/// lib\site-packages of the test's Python, where pywin32 is.
[[nodiscard]] std::filesystem::path site_packages();

/// The scripts of tests/differential/scripts, beside this program.
[[nodiscard]] std::filesystem::path scripts_folder();

}  // namespace pysvc::test
