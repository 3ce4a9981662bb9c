// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/secret.hpp"

#include <memory>
#include <string_view>

namespace pysvc {

/// Data goes to Out; progress, notes and errors go to Err.
enum class Stream { Out, Err };

/// Port: the terminal of a management command. Text is UTF-8: written as it is when redirected, through the wide
/// console API when not.
class Output {
public:
    virtual ~Output() = default;
    virtual void write(Stream stream, std::string_view text) = 0;
    /// Asks on the console without echo. Usage error when there is no console to ask on.
    virtual Result<Secret> ask_secret(std::string_view prompt) = 0;
    /// One line of standard input, without its end.
    virtual Result<Secret> read_secret_line() = 0;
};

/// Port: Ctrl+C while a command waits. Until watch() is called it ends the process as usual.
class Interrupts {
public:
    virtual ~Interrupts() = default;
    virtual void watch() = 0;
    [[nodiscard]] virtual bool requested() const = 0;
};

/// Those of this platform.
[[nodiscard]] std::unique_ptr<Output> make_output();
[[nodiscard]] std::unique_ptr<Interrupts> make_interrupts();

}  // namespace pysvc
