# SPDX-License-Identifier: MIT
"""What all kinds of programs have in common: their settings, and the hook for controls."""
from __future__ import annotations

import sys

import _pythonservice  # type: ignore  # private, without a stub

from .. import programs
from .._service import Service

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._events import CustomEvent, PauseEvent, ResumeEvent
    from .._service import Answer

    Hook = Callable[["CustomEvent | PauseEvent | ResumeEvent"], Answer]


def load(target: str) -> object:
    """The object that `package.module:name.of.it` means; its module is imported."""
    module_name, _, path = target.partition(":")
    if not path:
        raise ValueError(f"'{target}' is not MODULE:NAME")
    __import__(module_name)
    found: object = sys.modules[module_name]
    for name in path.split("."):
        found = getattr(found, name)
    return found


class HostedProgram(Service):
    """A service that runs what the service's Parameters name."""

    def __init__(self, args: Sequence[str]) -> None:
        self._service_name = args[0]
        self._hook_name = self._setting("ControlHook")
        # The script itself is __main__, which has no functions yet.
        self._hook = None if self._hook_name.startswith("__main__:") else self._load_hook()
        super().__init__(args)
        self.target = self._setting("Program")
        if not self.target:
            raise ValueError("the service's Parameters have no value Program; install the program again")
        self.arguments = [*_pythonservice.program_setting(args[0], "ProgramArguments"), *args[1:]]
        programs._current = self
        sys.argv = [self.target, *self.arguments]

    def _setting(self, name: str) -> str:
        """A setting of one text; empty when there is none."""
        return "".join(_pythonservice.program_setting(self._service_name, name))

    # ---- the hook ---------------------------------------------------------------------------------------------------

    def _load_hook(self) -> Hook | None:
        return load(self._hook_name) if self._hook_name else None  # type: ignore[return-value]

    def _overrides(self, method: str) -> bool:  # type: ignore[override]
        """Without a hook nobody could answer: only STOP is accepted."""
        return bool(self._hook_name) and method in ("pause", "on_custom")

    def _call_hook(self, event: CustomEvent | PauseEvent | ResumeEvent) -> Answer:
        self._hook = self._hook or self._load_hook()
        return self._hook(event)  # type: ignore[misc]

    def pause(self) -> Answer:
        from .._events import PauseEvent

        return self._call_hook(PauseEvent())

    def resume(self) -> Answer:
        from .._events import ResumeEvent

        return self._call_hook(ResumeEvent())

    def on_custom(self, event: CustomEvent) -> Answer:
        return self._call_hook(event)
