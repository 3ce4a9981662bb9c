# SPDX-License-Identifier: MIT
"""Windows services as Python classes: derive from Service, write run(), and let PythonService host it.

    from pythonservice import Service

    class Cleaner(Service):
        name = "Cleaner"

        def run(self):
            while not self.stopping.wait(60):
                print("cleaning up")

`PythonService install cleaner.py --start` installs it, `PythonService debug cleaner.py` runs it on this console, on
Windows and on Linux. docs/pythonservice.md describes everything in this package.
"""

from ._service import Service
from ._stopping import StopEvent

# Type checkers take the name for typing's. What every service imports imports no module of its own: typing alone takes
# longer than all of this, and even __future__ is a file to be looked for.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._events import (
        CustomEvent as CustomEvent,
        DeviceChange as DeviceChange,
        DeviceEvent as DeviceEvent,
        DeviceType as DeviceType,
        HardwareProfileChange as HardwareProfileChange,
        HardwareProfileEvent as HardwareProfileEvent,
        NetBindChange as NetBindChange,
        NetBindEvent as NetBindEvent,
        ParamChangeEvent as ParamChangeEvent,
        PauseEvent as PauseEvent,
        PowerChange as PowerChange,
        PowerEvent as PowerEvent,
        ResumeEvent as ResumeEvent,
        SessionChange as SessionChange,
        SessionEvent as SessionEvent,
        TimeChangeEvent as TimeChangeEvent,
        TriggerEvent as TriggerEvent,
    )
    from ._log_handler import EventLogHandler as EventLogHandler
    from ._main import main as main

_EVENTS = (
    "CustomEvent",
    "DeviceChange",
    "DeviceEvent",
    "DeviceType",
    "HardwareProfileChange",
    "HardwareProfileEvent",
    "NetBindChange",
    "NetBindEvent",
    "ParamChangeEvent",
    "PauseEvent",
    "PowerChange",
    "PowerEvent",
    "ResumeEvent",
    "SessionChange",
    "SessionEvent",
    "TimeChangeEvent",
    "TriggerEvent",
)

__all__ = ["EventLogHandler", "Service", "StopEvent", "main", *_EVENTS]


def __getattr__(name: str) -> object:
    """The parts that import dataclasses, enum or logging: only a service that names them pays for them."""
    from importlib import import_module

    if name in _EVENTS:
        module = "._events"
    elif name == "EventLogHandler":
        module = "._log_handler"
    elif name == "main":
        module = "._main"
    else:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value: object = getattr(import_module(module, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
