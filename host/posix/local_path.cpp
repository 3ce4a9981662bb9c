// SPDX-License-Identifier: MIT
#include "host/service/local_path.hpp"

namespace pysvc {

Result<std::string> local_path(const std::string& path) { return path; }

}  // namespace pysvc
