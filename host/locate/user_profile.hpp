// SPDX-License-Identifier: MIT
#pragma once

#include "host/locate/file_probe.hpp"

#include <string>

namespace pysvc {

/// The folder of the user in whose profile `path` lies (C:\Users\me, /home/me); empty when it lies elsewhere. Profiles
/// let in their user, LocalSystem and administrators: other accounts of services cannot read what is there.
[[nodiscard]] std::string user_profile_of(const std::string& path, FileProbe& probe);

}  // namespace pysvc
