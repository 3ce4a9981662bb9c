// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/report.hpp"

#include <fmt/format.h>

namespace pysvc {

Result<int> restart_command(const StartRequest& request, CommandPorts& ports) {
    StopRequest stop{request.service, request.wait};
    // Both steps wait in any case: what would be started while it still stops?
    stop.wait.no_wait = false;
    const auto stopped = stop_command(stop, ports);
    if (!stopped) {
        if (stopped.error().code != ErrorCode::ServiceFailed) return stopped;
        ports.output.write(Stream::Err, fmt::format("warning: {}\n", explain(stopped.error())));
    }
    StartRequest start = request;
    start.wait.strict = false;
    return start_command(start, ports);
}

}  // namespace pysvc
