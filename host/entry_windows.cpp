// SPDX-License-Identifier: MIT
#include "host/base/text.hpp"
#include "host/main.hpp"

#include <string_view>

// wmain: the narrow argv is in the ANSI code page and has lost what that page lacks. And not CommandLineToArgvW, which
// splits in the same way: loading shell32 for it would take longer than all that is done before START_PENDING.
int wmain(int argc, wchar_t** argv) {
    std::vector<std::string> arguments;
    for (int i = 0; i < argc; ++i) {
        const std::wstring_view argument = argv[i];
        arguments.push_back(pysvc::utf8_from_utf16(std::u16string(argument.begin(), argument.end())));
    }
    return pysvc::run(arguments);
}
