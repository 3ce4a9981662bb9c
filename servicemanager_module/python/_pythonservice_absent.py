# SPDX-License-Identifier: MIT
"""What the modules with pywin32's names say about names that they do not have, or not here, or not yet."""

import sys


def module_getattr(module, make=None):
    """A module's __getattr__: `make(name)` for names that are made on first use, else AttributeError with a remedy.

    An AttributeError, so that hasattr and getattr with a default work as they do with pywin32 of another version.
    """

    def __getattr__(name):
        value = make(name) if make is not None else None
        if value is not None:
            return value
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        raise AttributeError(f"{module}.{name} {_NOT_OFFERED}")

    return __getattr__


def late_functions(module, namespace, sources):
    """(__getattr__, __dir__) of a module with functions that are imported when they are first used: what they need takes
    longer to import than a service may wait for it.

    sources: the names of functions by the module that has them. They are calls of Windows; on POSIX they refuse.
    """
    source_of = {name: source for source, names in sources.items() for name in names.split()}

    def make(name):
        source = source_of.get(name)
        if source is None:
            return None
        function = getattr(__import__(source), name) if sys.platform == "win32" else _refusing(f"{module}.{name}")
        namespace[name] = function
        return function

    return module_getattr(module, make), lambda: sorted({*namespace, *source_of})


def _refusing(function):
    def refuse(*_arguments, **_keywords):
        raise only_on_windows(function)

    return refuse


_NOT_OFFERED = (
    "is not part of PythonService's compatible modules; install pywin32 into this Python to use it"
)


def not_offered(function):
    """The error for a call of something that only pywin32 does."""
    return NotImplementedError(f"{function} {_NOT_OFFERED}")


def only_on_windows(function):
    """The error for a call that needs the Service Control Manager, the registry or another part of Windows."""
    return NotImplementedError(
        f"{function} works only on Windows; `PythonService debug SCRIPT.py` runs a service here without it"
    )
