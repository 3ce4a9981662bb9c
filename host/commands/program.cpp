// SPDX-License-Identifier: MIT
#include "host/commands/program.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/registration.hpp"
#include "host/service/class_spec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pysvc {
namespace {

constexpr std::string_view kPackage = "pythonservice.programs.";

bool is_server(std::string_view kind) { return kind == "asgi" || kind == "wsgi"; }

/// HOST:PORT; an IPv6 address has brackets.
bool is_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    const bool bare_ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
    const bool number = !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) {
        return c >= '0' && c <= '9';
    });
    if (bare_ipv6 || !number) return false;
    const int value = std::stoi(std::string(port));
    return value >= 1 && value <= 65'535;
}

tl::unexpected<Error> usage(std::string text) { return failure(ErrorCode::Usage, 0, std::move(text)); }

}  // namespace

std::string program_kind_of(std::string_view class_string) {
    const auto spec = parse_class_spec(class_string);
    if (!spec || !spec->module.starts_with(kPackage)) return {};
    return spec->module.substr(kPackage.size());
}

std::string installed_program_kind(RegistryEditor& registry, const std::string& service) {
    return program_kind_of(read_text(registry, python_class_key(service), "").value_or(""));
}

Result<Subject> program_subject(const ProgramRequest& request, const std::string& working_directory,
                                const std::string& current) {
    Subject subject;
    subject.kind = SubjectKind::Program;
    subject.program_kind = request.kind;
    subject.text = request.target;
    subject.control_hook = request.control_hook.value_or("");
    if (request.kind == "script") {
        subject.text = absolute_from(current, request.target);
        if (!is_file(subject.text)) return failure(ErrorCode::FileNotFound, 0, subject.text);
        subject.spec.directory = from_path(to_path(subject.text).parent_path());
        return subject;
    }
    const std::string module = request.target.substr(0, request.target.find(':'));
    if (!working_directory.empty()) {
        subject.spec.directory = absolute_from(current, working_directory);
    } else if (is_module_in(current, module)) {
        subject.spec.directory = current;
    }
    return subject;
}

Result<void> check_program(const ProgramRequest& request, const std::string& kind) {
    if (kind.empty()) {
        const char* option = request.arguments      ? "arguments after --"
                             : request.bind         ? "--bind"
                             : request.stop_signal  ? "--stop-signal"
                             : request.control_hook ? "--control-hook"
                                                    : nullptr;
        if (option == nullptr) return {};
        return usage(fmt::format("{}: only with a program (--script, --module, --call, --asgi, --wsgi); a service class "
                                 "does that itself",
                                 option));
    }
    if (request.bind && !is_server(kind)) return usage("--bind: only with --asgi and --wsgi");
    if (request.bind && !is_address(*request.bind)) {
        return usage(fmt::format("--bind: '{}' is not HOST:PORT, as 0.0.0.0:8000 or [::1]:8000", *request.bind));
    }
    if (request.stop_signal && is_server(kind)) {
        return usage(fmt::format("--stop-signal: not with --{}, whose server is told to finish its requests", kind));
    }
    const auto& arguments = request.arguments;
    if (arguments && std::ranges::find(*arguments, "") != arguments->end()) {
        return usage("an argument after -- is empty: a REG_MULTI_SZ cannot hold it");
    }
    return {};
}

Result<void> check_program_group(const std::string& kind, const std::string& group) {
    if (kind.empty() || group.empty()) return {};
    return usage(fmt::format("--group {}: a program needs a process of its own", group));
}

std::vector<std::pair<std::string, std::string>> program_texts(const ProgramRequest& request,
                                                               const std::string& target) {
    std::vector<std::pair<std::string, std::string>> texts;
    if (!request.kind.empty()) texts.emplace_back("Program", target);
    if (request.bind) texts.emplace_back("Bind", *request.bind);
    if (request.stop_signal) texts.emplace_back("StopSignal", *request.stop_signal);
    if (request.control_hook) texts.emplace_back("ControlHook", *request.control_hook);
    return texts;
}

std::string program_text(const std::string& kind, const std::string& target,
                         const std::vector<std::string>& arguments) {
    std::string text = fmt::format("{} {}", kind, target);
    for (const std::string& argument : arguments) text += " " + quote_argument(argument);
    return text;
}

}  // namespace pysvc
