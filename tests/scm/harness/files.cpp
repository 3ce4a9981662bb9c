// SPDX-License-Identifier: MIT
#include "tests/scm/harness/files.hpp"

#include "host/windows/win32.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {

std::string read_file(const std::filesystem::path& path) {
    constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const win::UniqueHandle file(
        CreateFileW(path.c_str(), GENERIC_READ, kShareAll, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
    std::string content;
    if (!file) return content;
    char block[4096];
    DWORD size = 0;
    while (ReadFile(file.get(), block, sizeof block, &size, nullptr) && size != 0) content.append(block, size);
    return content;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
    const win::UniqueHandle file(
        CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
    DWORD written = 0;
    ASSERT_TRUE(file && WriteFile(file.get(), content.data(), static_cast<DWORD>(content.size()), &written, nullptr))
        << "cannot write " << win::narrow(path.native()) << ", error " << GetLastError();
}

std::vector<std::string> complete_lines(const std::string& content) {
    std::vector<std::string> lines;
    std::size_t start = 0;
    for (std::size_t end = content.find('\n'); end != std::string::npos; end = content.find('\n', start)) {
        std::string line = content.substr(start, end - start);
        if (line.ends_with('\r')) line.pop_back();
        lines.push_back(std::move(line));
        start = end + 1;
    }
    return lines;
}

}  // namespace pysvc::test
