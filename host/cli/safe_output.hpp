// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/text.hpp"
#include "host/service/terminal.hpp"

#include <string_view>

namespace pysvc {

/// What commands print on. Names and paths come from the machine and may hold what a terminal obeys: colours, titles, text
/// that runs backwards. `output` outlives it.
class SafeOutput final : public Output {
public:
    explicit SafeOutput(Output& output) : output_(output) {}

    void write(Stream stream, std::string_view text) override { output_.write(stream, escaped_lines(text)); }
    Result<Secret> ask_secret(std::string_view prompt) override { return output_.ask_secret(escaped_lines(prompt)); }
    Result<Secret> read_secret_line() override { return output_.read_secret_line(); }

private:
    Output& output_;
};

}  // namespace pysvc
