// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/secret.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

enum class Verb { Install, Update, Remove, Start, Stop, Restart, Status, Debug, Doctor, Version, Help };

/// A spelling of a verb; the first row of each verb is its name.
struct VerbSpelling {
    const char* text;
    Verb verb;
};
[[nodiscard]] std::span<const VerbSpelling> verb_spellings();
[[nodiscard]] const char* name_of(Verb verb);

/// A command line in one form: what was typed as `-install`, `/INSTALL` or after its options is a Verb here.
struct CommandLine {
    Verb verb = Verb::Help;
    std::vector<std::string> arguments;          ///< options and subject, in their order
    std::vector<std::string> service_arguments;  ///< debug: everything after the subject, untouched
    std::optional<std::vector<std::string>> program_arguments;  ///< install, update: everything after `--`, untouched
    std::optional<Secret> password;              ///< taken out of `arguments`, so that nothing can print it
    std::optional<Verb> help_topic;              ///< Help: `help install`
};

/// Brings the arguments (without the program's name) into that form. Pure. Usage errors: no verb, an unknown one (the
/// context names the nearest), `--password` without a value.
[[nodiscard]] Result<CommandLine> normalise(std::span<const std::string> arguments);

/// True when the arguments (without the program's name) begin, after options, with a verb: then the process is a
/// management command and not a service.
[[nodiscard]] bool names_command(std::span<const std::string> arguments);

/// The verb's spelling that `word` was probably meant to be; nullptr when none is near.
[[nodiscard]] const char* nearest_verb(std::string_view word);

}  // namespace pysvc
