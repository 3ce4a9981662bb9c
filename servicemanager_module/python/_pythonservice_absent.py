# SPDX-License-Identifier: MIT
"""What the modules with pywin32's names say about names that they do not have."""


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
        raise AttributeError(
            f"{module}.{name} is not part of PythonService's compatible modules; install pywin32 into this Python to use it"
        )

    return __getattr__


def not_offered(function):
    """The error for a call of something that only pywin32 does."""
    return NotImplementedError(
        f"{function} is not part of PythonService's compatible modules; install pywin32 into this Python to use it"
    )


def only_on_windows(function):
    """The error for a call that needs the Service Control Manager, the registry or another part of Windows."""
    return NotImplementedError(
        f"{function} works only on Windows; `PythonService debug SCRIPT.py` runs a service here without it"
    )
