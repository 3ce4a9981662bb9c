// SPDX-License-Identifier: MIT
// Programs without a service class in debug mode: each sends itself the Ctrl+C that stops it.
#include "host/service/child_process.hpp"
#include "tests/cli/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using cli_tests::TemporaryFolder;
using Words = std::vector<std::string>;

constexpr const char* kProgram = R"(
import asyncio, os, signal, sys, time
began = time.monotonic()

def press():
    os.kill(os.getpid(), signal.SIGINT)

def sleep():
    try:
        press()
        while True:
            time.sleep(30)
    finally:
        print('woken early:', time.monotonic() - began < 30)

async def coroutine():
    press()
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        await asyncio.sleep(0)
        print('cancelled early:', time.monotonic() - began < 30)
        raise

def handled():
    stop = []
    signal.signal(signal.SIGTERM, lambda number, frame: stop.append(print('signal', number)))
    press()
    while not stop:
        # Not longer: after a handler that returns time.sleep goes on (PEP 475).
        time.sleep(0.01)

def own_signal():
    signal.signal(signal.SIGTERM, lambda number, frame: print('signal', number))
    signal.raise_signal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)
    print('lives')

def interrupted():
    raise KeyboardInterrupt

def three():
    return 3

if __name__ == '__main__':
    print(sys.argv[1:], os.path.samefile(sys.path[0], os.getcwd()), sys.modules['__main__'].__file__ == __file__)
    globals()[sys.argv[1]]()
)";

class Programs : public testing::Test {
protected:
    Programs() { folder.file("program.py", kProgram); }

    ChildResult run(const std::string& program, const Words& arguments) const {
        ChildRequest request;
        request.program = program;
        request.arguments = arguments;
        request.working_directory = folder.str();
        request.limit = 60s;
        const auto result = make_child_process()->run(request);
        EXPECT_TRUE(result);
        EXPECT_FALSE(result->timed_out);
        return result.value_or(ChildResult{});
    }
    ChildResult debug(Words arguments) const {
        arguments.insert(arguments.begin(), {"debug", "--python", PYSVC_PYTHON});
        return run(PYSVC_PROGRAM, arguments);
    }

    TemporaryFolder folder;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(Programs, SleepingScriptIsWoken) {
    const auto result = debug({"--script", "program.py", "sleep", "a b"});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_EQ(result.output, "['sleep', 'a b'] True True\nwoken early: True\n");
    EXPECT_TRUE(has(result.errors, "program: STOPPED"));
}

TEST_F(Programs, SleepingModuleIsWoken) {
    const auto result = debug({"--module", "program", "--", "sleep"});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_EQ(result.output, "['sleep'] True True\nwoken early: True\n");
}

TEST_F(Programs, SleepingFunctionIsWoken) {
    const auto result = debug({"--call", "program:sleep"});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_EQ(result.output, "woken early: True\n");
}

TEST_F(Programs, CoroutineIsCancelled) {
    const auto result = debug({"--call", "program:coroutine"});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_EQ(result.output, "cancelled early: True\n");
}

TEST_F(Programs, CtrlCIsTheHandlerThatTheProgramHas) {
    const auto result = debug({"--call", "program:handled"});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_EQ(result.output, "signal 15\n");
    EXPECT_TRUE(has(result.errors, "handled: STOP_PENDING"));
}

TEST_F(Programs, OwnSignalsOfAProgramStayItsOwn) {
    const auto result = debug({"--call", "program:own_signal"});
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_TRUE(has(result.output, "signal 15\nlives\n")) << result.output;
    EXPECT_FALSE(has(result.errors, "stopping"));
}

TEST_F(Programs, KeyboardInterruptThatNobodyAskedForIsAFailure) {
    const auto result = debug({"--call", "program:interrupted"});
    EXPECT_EQ(result.exit_code, 1U);
    EXPECT_TRUE(has(result.output, "run-raised")) << result.output;
}

TEST_F(Programs, NumberThatAFunctionReturnsIsTheExitCode) {
    EXPECT_EQ(debug({"--call", "program:three"}).exit_code, 3U);
}

TEST_F(Programs, WhatIsMissingIsSaidAndNothingIsExecuted) {
    const std::string marker = "open('executed', 'w')\n";
    folder.file("broken.py", marker + "def\n");
    folder.file("package/__init__.py", marker);
    struct {
        Words options;
        const char* message;
    } const cases[] = {
        {{"--script", "none.py"}, "none.py"},
        {{"--script", "broken.py"}, "broken.py"},
        {{"--module", "nothing.here"}, "there is no module 'nothing.here'"},
        {{"--module", "package"}, "package without __main__"},
        {{"--call", "package"}, "is not MODULE:NAME"},
        {{"--call", "package.missing:run"}, "there is no module 'package.missing'"},
        {{"--call", "package:run", "--control-hook", "hooks:on"}, "there is no module 'hooks'"},
        {{"--asgi", "package:app"}, "uvicorn or hypercorn is not installed"},
        {{"--wsgi", "package:app"}, "waitress is not installed"},
    };
    for (const auto& [options, message] : cases) {
        const auto result = debug(options);
        EXPECT_NE(result.exit_code, 0U) << message;
        EXPECT_TRUE(has(result.errors, message)) << result.errors;
        EXPECT_FALSE(std::filesystem::exists(folder / "executed")) << message;
    }
}

constexpr const char* kWeb = R"(
import asyncio, os, sys, time

def wait_for_permit():
    print('the application has the request', file=sys.stderr, flush=True)
    while not os.path.exists('answer'):
        time.sleep(0.01)

async def asgi(scope, receive, send):
    if scope['type'] == 'lifespan':
        for _ in range(2):
            kind = (await receive())['type']
            print(kind, flush=True)
            await send({'type': kind + '.complete'})
        return
    await asyncio.get_running_loop().run_in_executor(None, wait_for_permit)
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'5')]})
    await send({'type': 'http.response.body', 'body': b'hello'})

async def without_database(scope, receive, send):
    await receive()
    await send({'type': 'lifespan.startup.failed', 'message': 'the database is not there'})

def wsgi(environ, start_response):
    wait_for_permit()
    start_response('200 OK', [('Content-Length', '300000')])
    return [b'x' * 300000]
)";

/// A virtual environment with one of the servers in it.
class Servers : public Programs {
protected:
    void SetUp() override {
        const char* servers = std::getenv("PYSVC_TEST_SERVERS");
        ASSERT_NE(servers, nullptr) << "PYSVC_TEST_SERVERS names the folder that `scripts/fetch servers` makes";
        servers_ = servers;
        folder.file("web.py", kWeb);
        ASSERT_EQ(run(PYSVC_PYTHON, {"-m", "venv", "--without-pip", "venv"}).exit_code, 0U);
    }

    void provide(const Words& packages) const {
        std::string lines;
        for (const std::string& package : packages) lines += servers_ + "/" + package + "\n";
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "venv")) {
            if (entry.path().filename() != "site-packages") continue;
            folder.file(std::filesystem::relative(entry.path(), folder.str()).string() + "/servers.pth", lines);
        }
    }
    ChildResult serve(const Words& options, const std::string& port) const {
        Words arguments{PYSVC_SERVE, port, PYSVC_PROGRAM, "debug", "--name", "web", "--python", "venv", "--bind",
                        "127.0.0.1:" + port};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return run(PYSVC_PYTHON, arguments);
    }

    std::string servers_;
};

constexpr const char* kStates = "states: START_PENDING RUNNING STOP_PENDING STOPPED\n";

TEST_F(Servers, UvicornListensWhenRunningAndDrains) {
    provide({"uvicorn", "click", "h11"});
    const auto result = serve({"--asgi", "web:asgi"}, "18231");
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_TRUE(has(result.output, "answer: 200 5\n")) << result.output;
    EXPECT_TRUE(has(result.output, kStates)) << result.output;
    EXPECT_TRUE(has(result.output, "lifespan.shutdown")) << result.output;
}

TEST_F(Servers, HypercornListensWhenRunningAndDrains) {
    provide({"hypercorn", "h11", "h2", "hpack", "hyperframe", "priority", "wsproto"});
    const auto result = serve({"--asgi", "web:asgi"}, "18232");
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_TRUE(has(result.output, "answer: 200 5\n")) << result.output;
    EXPECT_TRUE(has(result.output, kStates)) << result.output;
    EXPECT_TRUE(has(result.output, "lifespan.shutdown")) << result.output;
}

TEST_F(Servers, WaitressListensWhenRunningAndDrains) {
    provide({"waitress"});
    const auto result = serve({"--wsgi", "web:wsgi"}, "18233");
    EXPECT_EQ(result.exit_code, 0U) << result.errors;
    EXPECT_EQ(result.output, std::string("answer: 200 300000\n") + kStates);
}

TEST_F(Servers, FailedStartOfAnApplicationIsAFailedServiceWithTheCause) {
    const Words options{"debug", "--python", "venv", "--bind", "127.0.0.1:18234", "--asgi", "web:without_database"};
    provide({"uvicorn", "click", "h11"});
    const auto result = run(PYSVC_PROGRAM, options);
    EXPECT_EQ(result.exit_code, 1U);
    EXPECT_TRUE(has(result.output, "RuntimeError: uvicorn did not start the application")) << result.output;
    EXPECT_TRUE(has(result.output, "the database is not there")) << result.output;
    EXPECT_FALSE(has(result.errors, "RUNNING"));
}

TEST_F(Servers, AddressThatIsTakenIsAFailedService) {
    provide({"waitress"});
    const auto result = run(PYSVC_PYTHON, {"-c",
                                           "import socket, subprocess, sys\n"
                                           "taken = socket.create_server(('127.0.0.1', 0))\n"
                                           "bind = '127.0.0.1:%d' % taken.getsockname()[1]\n"
                                           "sys.exit(subprocess.call([*sys.argv[1:], '--bind', bind]) & 0x7f)",
                                           PYSVC_PROGRAM, "debug", "--python", "venv", "--wsgi", "web:wsgi"});
    EXPECT_NE(result.exit_code, 0U);
    EXPECT_TRUE(has(result.output, "Address already in use")) << result.output << result.errors;
    EXPECT_FALSE(has(result.errors, "RUNNING"));
}

}  // namespace
}  // namespace pysvc
