// SPDX-License-Identifier: MIT
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

/// Imports the finder's own module again, this time by its finder.
constexpr const char* kImport = "sys.modules.pop('_pythonservice_finder')\nimport _pythonservice_finder as module\n";

TEST(EngineEmbedded, ModulesAreImportedWithoutAFile) {
    expect_output(std::string(kImport) +
                      "print(module.__spec__.origin, hasattr(module, '__file__'), module.__doc__.splitlines()[0])",
                  "PythonService False Lets `import` find the modules that are embedded in the engine.");
}

TEST(EngineEmbedded, FinderIsTheLastAndThereOnce) {
    expect_output(
        "import _pythonservice_finder as module\n"
        "module.install()\n"
        "print([type(finder).__name__ for finder in sys.meta_path].index('EmbeddedModules') - len(sys.meta_path))",
        "-1");
}

TEST(EngineEmbedded, WhatIsInstalledWins) {
    in_child([] {
        Session session;
        session.file("_pythonservice_finder.py", "installed = True\n");
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(std::string(kImport) + "print(module.installed)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "True");
    });
}

TEST(EngineEmbedded, TracebacksShowTheirSource) {
    expect_output(std::string(kImport) +
                      "import traceback\n"
                      "try: module.EmbeddedModules().get_code('nothing')\n"
                      "except KeyError as error: print(traceback.extract_tb(error.__traceback__)[-1].line)",
                  "return marshal.loads(_pythonservice.embedded_code(name))");
}

TEST(EngineEmbedded, OtherBytecodeIsCompiledFromTheSource) {
    expect_output(
        "import _frozen_importlib_external\n"
        "import _pythonservice_finder\n"
        "_frozen_importlib_external.MAGIC_NUMBER = b'none'\n"
        "code = sys.meta_path[-1].get_code('_pythonservice_finder')\n"
        "print(code.co_filename, 'install' in code.co_names)",
        "<PythonService>/_pythonservice_finder.py True");
}

TEST(EngineEmbedded, EverythingElseIsStillNotThere) {
    expect_output(
        "try: import not_there\n"
        "except ModuleNotFoundError as error: print(error)",
        "No module named 'not_there'");
}

}  // namespace
}  // namespace pysvc::test
