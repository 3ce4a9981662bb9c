# SPDX-License-Identifier: MIT
"""Lets `import` find the modules that are embedded in the engine.

The finder stands at the end of sys.meta_path: what is installed wins, real pywin32 above all. In PythonService.exe the
engine installs it. Under python.exe a .pth file does, with the names it is for and the folder of the engines: the engine
is then loaded when one of them is first imported, and a Python that hosts no service pays next to nothing.
"""
# Only what is in memory in every interpreter: each process of an environment with the .pth file runs this.
import _frozen_importlib
import sys

# Extension modules of the engine, which is one binary with both.
_NATIVE = ("_pythonservice", "servicemanager")
# How the names begin of what is none of pywin32's modules.
_OTHERS = ("pythonservice", "_pythonservice")


class EmbeddedModules:
    """A finder and its loader (importlib.abc.MetaPathFinder, InspectLoader).

    `names` are the top-level modules it is for, None for whatever the engine has. `engine` is the path of the engine
    under python.exe, None where its modules are built in.
    """

    def __init__(self, names=None, engine=None):
        self._names = names
        self._engine = engine
        self._came_first = False

    def __repr__(self):
        return "<finder of the modules embedded in PythonService>"

    def find_spec(self, name, path=None, target=None):
        """The spec of an embedded module, or None."""
        if self._names is not None and name.partition(".")[0] not in self._names:
            return None
        if name in _NATIVE:
            return self._native_spec(name)
        import _pythonservice

        package = _pythonservice.embedded_is_package(name)
        if package is None:
            return None
        if not name.startswith(_OTHERS):
            self._come_first()
        return _frozen_importlib.ModuleSpec(name, self, origin="PythonService", is_package=package)

    def _native_spec(self, name):
        if self._engine is None:
            return None
        from importlib.util import spec_from_file_location

        return spec_from_file_location(name, self._engine)

    def _come_first(self):
        """Look here first for pywin32's modules and our private ones, now that one of pywin32's was found nowhere else.

        Where one is missing all are; and to look through sys.path for each of them costs a service that starts
        milliseconds. It also keeps the two sets apart, which know each other's types no more than two versions would.
        """
        if self._came_first:
            return
        self._came_first = True
        import _pythonservice

        names = frozenset(name for name in _pythonservice.embedded_names() if not name.startswith("pythonservice"))
        first = EmbeddedModules(names, self._engine)
        first._came_first = True
        # Behind the engine's own finder for win32service, which looks through all others.
        sys.meta_path.insert(sys.meta_path.index(_frozen_importlib.BuiltinImporter), first)

    def create_module(self, spec):
        """The default kind of module."""

    def exec_module(self, module):
        """Run the code of a module in it."""
        exec(self.get_code(module.__spec__.name), module.__dict__)

    def is_package(self, name):
        """Whether an embedded module is a package."""
        import _pythonservice

        return bool(_pythonservice.embedded_is_package(name))

    def get_source(self, name):
        """The source of an embedded module; linecache and inspect ask for it."""
        import _pythonservice

        return str(_pythonservice.embedded_source(name), "utf-8")

    def get_code(self, name):
        """The code of an embedded module."""
        import marshal

        import _frozen_importlib_external
        import _pythonservice

        if _pythonservice.embedded_magic() == _frozen_importlib_external.MAGIC_NUMBER:
            return marshal.loads(_pythonservice.embedded_code(name))
        # An interpreter of the same minor with other bytecode: a pre-release, or a vendor's own.
        return compile(self.get_source(name), f"<PythonService>/{name.replace('.', '/')}.py", "exec", dont_inherit=True)


def install(names=None, engine=None):
    """Put the finder at the end of sys.meta_path; once."""
    if not any(isinstance(finder, EmbeddedModules) for finder in sys.meta_path):
        sys.meta_path.append(EmbeddedModules(names, engine))


def install_for_python(names):
    """For the .pth file of the wheel: the same modules for scripts that python.exe runs.

    `names` are those it is for. The engine lies in the package `pythonservice` beside this file, in no folder of
    sys.path: a service that such a script hosts finds pywin32's `servicemanager` first where there is one.
    """
    import _imp
    import os

    if "_pythonservice" in sys.builtin_module_names:
        return  # PythonService.exe: the engine has a finder of its own.
    engine = os.path.join(os.path.dirname(__file__), "pythonservice", "servicemanager" + _imp.extension_suffixes()[0])
    # Without one for this Python (an architecture, a free-threaded build) the modules are simply not there.
    if os.path.isfile(engine):
        install(frozenset(names), engine)
