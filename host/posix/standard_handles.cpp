// SPDX-License-Identifier: MIT
#include "host/posix/standard_handles.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace pysvc::posix {
namespace {

bool is_closed(int descriptor) { return ::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF; }

}  // namespace

void repair_descriptors(const std::string& crash_log) {
    // In this order: open takes the lowest free number, which is then the one wanted. Children inherit them.
    if (is_closed(0)) (void)::open("/dev/null", O_RDONLY);
    if (is_closed(1)) (void)::open("/dev/null", O_WRONLY);
    if (!is_closed(2)) return;
    if (!crash_log.empty() && ::open(crash_log.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600) >= 0) return;
    (void)::open("/dev/null", O_WRONLY);
}

}  // namespace pysvc::posix
