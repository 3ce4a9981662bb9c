// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace pysvc::test {

/// python3XX.dll of the Python that the tests use.
[[nodiscard]] std::filesystem::path python_dll();

/// A folder that looks like an installation of Python, in the work folder: python.exe and a library that is empty. It
/// has no DLL until a test puts one there.
class FakePython {
public:
    explicit FakePython(const wchar_t* name);

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path executable() const { return folder_ / L"python.exe"; }
    /// Where its DLL belongs.
    [[nodiscard]] std::filesystem::path dll() const { return folder_ / python_dll().filename(); }

private:
    std::filesystem::path folder_;
};

}  // namespace pysvc::test
