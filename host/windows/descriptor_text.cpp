// SPDX-License-Identifier: MIT
#include "host/windows/descriptor_text.hpp"

#include <sddl.h>

namespace pysvc::win {

Result<std::string> descriptor_text(PSECURITY_DESCRIPTOR security, const std::string& what) {
    wchar_t* text = nullptr;
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(security, SDDL_REVISION_1,
                                                              OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                                                              &text, nullptr)) {
        return failure(last_error(ErrorCode::OperatingSystem, what));
    }
    const UniqueLocalMemory owner(text);
    return narrow(text);
}

}  // namespace pysvc::win
