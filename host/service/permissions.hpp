// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <memory>
#include <string>

namespace pysvc {

/// Port: who may do what with the things of this machine, as SDDL text of owner and DACL (parse_security_descriptor).
/// Errors are OperatingSystem with the system's code, and NotSupportedHere where there are no such descriptors.
class Permissions {
public:
    virtual ~Permissions() = default;

    /// Of a file or folder.
    virtual Result<std::string> of_file(const std::string& path) = 0;
    /// Of a key, given below HKEY_LOCAL_MACHINE.
    virtual Result<std::string> of_key(const std::string& key) = 0;
    /// Of an installed service, as the Service Control Manager knows it.
    virtual Result<std::string> of_service(const std::string& service) = 0;

    /// The SID of an account as services name it; empty when there is no such account.
    virtual std::string sid_of(const std::string& account) = 0;
    /// The account as people know it; the SID itself when it has no name here.
    virtual std::string name_of(const std::string& sid) = 0;
};

/// Those of this platform.
[[nodiscard]] std::unique_ptr<Permissions> make_permissions();

}  // namespace pysvc
