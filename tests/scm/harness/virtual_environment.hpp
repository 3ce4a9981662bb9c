// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pysvc::test {

/// A virtual environment as `python -m venv` makes it, in the work folder. It goes with that.
class VirtualEnvironment {
public:
    explicit VirtualEnvironment(const std::wstring& name);

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path python() const { return folder_ / L"Scripts" / L"python.exe"; }
    [[nodiscard]] std::filesystem::path site_packages() const { return folder_ / L"Lib" / L"site-packages"; }

    /// `pip install` of these packages and what they require, from the folder PYSVC_TEST_WHEELS alone.
    void install(const std::vector<std::string>& packages) const;

private:
    std::filesystem::path folder_;
};

}  // namespace pysvc::test
