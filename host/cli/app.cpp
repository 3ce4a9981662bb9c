// SPDX-License-Identifier: MIT
#include "host/cli/app.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace pysvc {
namespace {

/// One parser per verb. normalise() has found the verb already; CLI11's own subcommands would take a service that is
/// called "status" for one.
class VerbApp {
public:
    VerbApp(Verb verb, const char* description) : app_(description, fmt::format("PythonService {}", name_of(verb))) {
        app_.option_defaults()->ignore_case();
        // On Windows CLI11 would read /folder/script.py as an option.
        app_.allow_windows_style_options(false);
        app_.set_help_flag("-h,--help", "Print this help");
    }

    CLI::App& operator*() { return app_; }
    CLI::App* operator->() { return &app_; }

    /// The parsed request, or what to print instead of running it.
    Result<ParsedCommand> parse(std::vector<std::string> arguments, const std::function<ParsedCommand()>& request) {
        std::ranges::reverse(arguments);  // CLI11 takes the last first
        try {
            app_.parse(std::move(arguments));
        } catch (const CLI::CallForHelp&) {
            return HelpText{app_.help()};
        } catch (const CLI::ParseError& error) {
            return failure(ErrorCode::Usage, 0, fmt::format("{}: {}", app_.get_name(), error.what()));
        }
        return request();
    }

private:
    CLI::App app_;
};

void add_wait_options(CLI::App& app, WaitRequest& wait) {
    app.add_option_function<unsigned>(
           "--timeout,--wait", [&wait](const unsigned& seconds) { wait.limit = std::chrono::seconds(seconds); },
           "How long to wait; default: as long as the service makes progress")
        ->type_name("SECONDS");
    app.add_flag("--no-wait", wait.no_wait, "Return at once");
}

void add_strict(CLI::App& app, WaitRequest& wait, const char* help) { app.add_flag("--strict", wait.strict, help); }

void add_service(CLI::App& app, std::string& service) {
    app.add_option("SERVICE", service, "Name or display name of the service")->required();
}

template <class Text>
CLI::Option* add_text(CLI::App& app, const char* name, Text& value, const char* type, const char* help) {
    return app
        .add_option_function<std::string>(
            name, [&value](const std::string& text) { value = text; }, help)
        ->type_name(type);
}

void add_python(CLI::App& app, std::string& python) {
    add_text(app, "--python", python, "PATH|VERSION",
             "python.exe, an installation, an environment, or a version such as 3.13 of those that are registered");
}

void add_account_options(CLI::App& app, InstallRequest& request) {
    add_text(app, "--username", request.username, "ACCOUNT",
             "Account: DOMAIN\\user, user, LocalService, NetworkService, NT SERVICE\\name (default: LocalSystem)");
    // normalise() has taken --password out already; here it is for the help.
    app.add_option("--password", "Its password; seen by everyone who may list processes, better not used")
        ->type_name("TEXT");
    app.add_flag("--password-stdin", request.password_from_stdin, "Read the password from standard input");
}

void add_program_options(CLI::App& app, ProgramRequest& program) {
    const std::tuple<const char*, const char*, const char*> kinds[] = {
        {"script", "FILE", "Run a script, as `python FILE` does"},
        {"module", "MODULE", "Run a module, as `python -m MODULE` does"},
        {"call", "MODULE:FUNCTION", "Call a function or run a coroutine function"},
        {"asgi", "MODULE:APP", "Serve an ASGI application with uvicorn or hypercorn"},
        {"wsgi", "MODULE:APP", "Serve a WSGI application with waitress"}};
    // No option group: CLI11's has an empty name, so that an empty argument is taken for it, for ever.
    for (const auto& [kind, type, help] : kinds) {
        app.add_option_function<std::string>(
               fmt::format("--{}", kind),
               [&program, kind = kind](const std::string& target) {
                   if (!program.kind.empty()) throw CLI::ExcludesError("--" + program.kind, fmt::format("--{}", kind));
                   program.kind = kind;
                   program.target = target;
               },
               help)
            ->type_name(type)
            ->group("A program that has no service class; its arguments stand last, after --");
    }
    add_text(app, "--bind", program.bind, "HOST:PORT", "Where --asgi and --wsgi listen (default: 127.0.0.1:8000)");
    app.add_option_function<std::string>(
           "--stop-signal", [&program](const std::string& choice) { program.stop_signal = choice; },
           "What STOP is for --script, --module and --call (default: auto, a handler of the program, else "
           "KeyboardInterrupt)")
        ->type_name("SIGNAL")
        ->check(CLI::IsMember({"auto", "SIGINT", "SIGTERM", "SIGBREAK", "none"}, CLI::ignore_case)
                    .description("auto|SIGINT|SIGTERM|SIGBREAK|none"));
    add_text(app, "--control-hook", program.control_hook, "MODULE:FUNCTION",
             "Called for pause, resume and the controls 128 to 255");
}

void add_setup_options(CLI::App& app, InstallRequest& request) {
    static const std::map<std::string, Startup> kStartup{{"manual", Startup::Manual},
                                                         {"auto", Startup::Auto},
                                                         {"disabled", Startup::Disabled},
                                                         {"delayed", Startup::Delayed}};
    app.add_option_function<Startup>(
           "--startup", [&request](const Startup& startup) { request.startup = startup; }, "How the service starts")
        ->type_name("TYPE")
        ->transform(CLI::CheckedTransformer(kStartup, CLI::ignore_case).description("manual|auto|disabled|delayed"));
    add_account_options(app, request);
    add_text(app, "--name", request.name, "NAME", "Name of the service (default: _svc_name_)");
    add_text(app, "--display-name", request.display_name, "TEXT", "Name shown to people");
    add_text(app, "--description", request.description, "TEXT", "Description shown to people");
    add_python(app, request.python);
    add_text(app, "--working-directory", request.working_directory, "PATH", "Default: the script's folder");
    add_program_options(app, request.program);
    add_text(app, "--group", request.group, "NAME",
             "Share one process with the other services of this group; \"\" gives it one of its own");
    app.add_flag("--interactive", request.interactive, "May show windows where Windows still allows it");
    add_text(app, "--perfmonini", request.perfmon_ini, "FILE", "Performance counters to load");
    add_text(app, "--perfmondll", request.perfmon_dll, "FILE", "DLL of the performance counters");
    app.add_flag("--strict", request.strict,
                 "Refuse, and write nothing, when others can change what the service runs (else: a warning)");
    app.add_flag("--start", request.start, "Start the service afterwards");
    app.add_flag("-v,--verbose", request.verbose, "Also say what this system does not support");
    add_wait_options(app, request.wait);
}

Result<InstallRequest> parse_setup(CommandLine& line, const char* description, HelpText& help) {
    InstallRequest request;
    VerbApp app(line.verb, description);
    app->add_option("SUBJECT", request.subject,
                    "Script, FILE:CLASS or module.Class; default: the script named like this program, else the only "
                    "one in this folder");
    add_setup_options(*app, request);
    auto parsed = app.parse(std::move(line.arguments), [] { return HelpText{}; });
    if (!parsed) return failure(parsed.error());
    help = std::get<HelpText>(*parsed);
    request.password = std::move(line.password);
    request.program.arguments = std::move(line.program_arguments);
    return request;
}

Result<ParsedCommand> parse_install(CommandLine line) {
    HelpText help;
    auto request = parse_setup(line, "Install a Python class as a service, or update it when it is installed", help);
    if (!request) return failure(request.error());
    if (!help.text.empty()) return help;
    return std::move(*request);
}

Result<ParsedCommand> parse_update(CommandLine line) {
    HelpText help;
    auto request = parse_setup(line, "Change an installed service (SUBJECT may be its name)", help);
    if (!request) return failure(request.error());
    if (!help.text.empty()) return help;
    return UpdateCommand{std::move(*request)};
}

Result<ParsedCommand> parse_remove(CommandLine line) {
    RemoveRequest request;
    VerbApp app(line.verb, "Stop a service and remove it with everything that install wrote");
    add_service(*app, request.service);
    app->add_flag("--force", request.force, "Also a service of another program");
    add_wait_options(*app, request.wait);
    return app.parse(std::move(line.arguments), [&] { return request; });
}

Result<ParsedCommand> parse_start(CommandLine line) {
    StartRequest request;
    const bool restart = line.verb == Verb::Restart;
    VerbApp app(line.verb, restart ? "Stop and start a service" : "Start a service and wait until it runs");
    add_service(*app, request.service);
    app->add_option("ARGUMENTS", request.arguments, "Start parameters for the service");
    add_wait_options(*app, request.wait);
    add_strict(*app, request.wait,
               restart ? "A stopped service is error 1062" : "A service that runs already is error 1056");
    return app.parse(std::move(line.arguments),
                     [&]() -> ParsedCommand { return restart ? ParsedCommand(RestartCommand{request}) : request; });
}

Result<ParsedCommand> parse_stop(CommandLine line) {
    StopRequest request;
    VerbApp app(line.verb, "Stop a service and wait until its process has ended");
    add_service(*app, request.service);
    add_wait_options(*app, request.wait);
    add_strict(*app, request.wait, "A service that is stopped already is error 1062");
    return app.parse(std::move(line.arguments), [&] { return request; });
}

Result<ParsedCommand> parse_status(CommandLine line) {
    StatusRequest request;
    VerbApp app(line.verb, "Show a service, or all Python services");
    auto* service = app->add_option("SERVICE", request.service, "Name or display name of the service");
    app->add_flag("--json", request.json, "As JSON");
    app->add_flag("-q,--quiet", request.quiet, "Print nothing; exit code 0 running or paused, 3 not running, 4 unknown")
        ->needs(service);
    return app.parse(std::move(line.arguments), [&] { return request; });
}

Result<ParsedCommand> parse_debug(CommandLine line) {
    DebugCommand request;
    VerbApp app(line.verb, "Run a service on this console; Ctrl+C stops it. What follows SUBJECT goes to the service");
    app->add_option("SUBJECT", request.subject, "Script, FILE:CLASS, module.Class, or an installed service");
    add_text(*app, "--name", request.name, "NAME", "Name the service is told (default: _svc_name_)");
    add_python(*app, request.python);
    add_text(*app, "--working-directory", request.working_directory, "PATH", "Default: as it would be as a service");
    add_program_options(*app, request.program);
    request.arguments = std::move(line.service_arguments);
    return app.parse(std::move(line.arguments), [&] { return request; });
}

Result<ParsedCommand> parse_doctor(CommandLine line) {
    DoctorRequest request;
    VerbApp app(line.verb, "Show which Python a service gets, and everything that was looked at to find it");
    app->add_option("SUBJECT", request.subject,
                    "Script, FILE:CLASS, module.Class, or an installed service; default: the current folder");
    app->add_flag_callback("--python", [] {}, "Which Python; at present the only check, and made without this as well");
    app->add_flag("--json", request.json, "As JSON");
    return app.parse(std::move(line.arguments), [&] { return request; });
}

Result<ParsedCommand> parse_version(CommandLine line) {
    VerbApp app(line.verb, "Show the version, the build and the Python versions this program can host");
    return app.parse(std::move(line.arguments), [] { return VersionCommand{}; });
}

Result<ParsedCommand> parse_help(CommandLine line) {
    if (!line.help_topic || *line.help_topic == Verb::Help) return HelpText{general_help()};
    CommandLine topic;
    topic.verb = *line.help_topic;
    topic.arguments = {"--help"};
    return parse_command(std::move(topic));
}

}  // namespace

Result<ParsedCommand> parse_command(CommandLine line) {
    switch (line.verb) {
        case Verb::Install: return parse_install(std::move(line));
        case Verb::Update: return parse_update(std::move(line));
        case Verb::Remove: return parse_remove(std::move(line));
        case Verb::Start:
        case Verb::Restart: return parse_start(std::move(line));
        case Verb::Stop: return parse_stop(std::move(line));
        case Verb::Status: return parse_status(std::move(line));
        case Verb::Debug: return parse_debug(std::move(line));
        case Verb::Doctor: return parse_doctor(std::move(line));
        case Verb::Version: return parse_version(std::move(line));
        case Verb::Help: return parse_help(std::move(line));
    }
    return HelpText{general_help()};
}

std::string general_help() {
    return "Runs Python classes as Windows services.\n"
           "\n"
           "Usage: PythonService COMMAND [OPTIONS] [SUBJECT]\n"
           "\n"
           "  install [SCRIPT | FILE:CLASS | module.Class]   install a service, or update it\n"
           "  update  SERVICE | SCRIPT                       change an installed service\n"
           "  remove  SERVICE                                stop and remove it (also: uninstall, delete)\n"
           "  start   SERVICE [ARGUMENTS]                    start it and wait until it runs\n"
           "  stop    SERVICE                                stop it and wait until its process has ended\n"
           "  restart SERVICE [ARGUMENTS]                    stop, then start\n"
           "  status  [SERVICE]                              show one service or all (--json, -q)\n"
           "  debug   SCRIPT | CLASS | SERVICE [ARGUMENTS]   run it on this console (also: run)\n"
           "  doctor  [SCRIPT | CLASS | SERVICE]             show which Python it gets, and why (--python, --json)\n"
           "  version                                        version, build and engines\n"
           "  help    COMMAND                                options of a command\n"
           "\n"
           "Commands may be written as -install, /install and --install too, in any case; options may stand before or\n"
           "after them, as --option VALUE or --option=VALUE.\n"
           "Exit code: 0 done, 2 wrong usage, else the Win32 error code.\n";
}

}  // namespace pysvc
