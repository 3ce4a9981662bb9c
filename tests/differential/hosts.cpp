// SPDX-License-Identifier: MIT
#include "tests/differential/hosts.hpp"

#include "tests/scm/harness/environment.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// As win32serviceutil.LocatePythonServiceExe does it, which does not start the EXE from site-packages.
fs::path place_pythonservice() {
    const fs::path folder = python_executable().parent_path();
    const auto bring = [&](const fs::path& file) {
        std::error_code error;
        fs::copy_file(file, folder / file.filename(), fs::copy_options::skip_existing, error);
        EXPECT_FALSE(error) << text_of(file) << ": " << error.message();
    };
    bring(site_packages() / L"win32" / L"pythonservice.exe");
    for (const auto& entry : fs::directory_iterator(site_packages() / L"pywin32_system32")) bring(entry.path());
    return folder / L"pythonservice.exe";
}

}  // namespace

const char* name_of(Host host) { return host == Host::Pywin32 ? "pywin32" : "here"; }

fs::path executable_of(Host host) {
    if (host == Host::Here) return host_executable();
    static const fs::path placed = place_pythonservice();
    return placed;
}

fs::path message_file_of(Host host) {
    if (host == Host::Here) return program_folder() / L"PythonServiceMessages.dll";
    return site_packages() / L"win32" / L"servicemanager.pyd";
}

fs::path site_packages() { return python_executable().parent_path() / L"Lib" / L"site-packages"; }

fs::path scripts_folder() { return program_folder() / L"differential"; }

}  // namespace pysvc::test
