# SPDX-License-Identifier: MIT
"""Programs without a service class as services: what `install --script`, `--module`, `--call`, `--asgi` and `--wsgi` host.

A module for each, with the class that the host makes. docs/programs.md says what stop is for each and when RUNNING is
reported.
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._service import Service

_current: Service | None = None


def current() -> Service | None:
    """The service that this process runs a program for; None where there is none, as under python.exe.

    Its `stopping` is set when the service is to stop, and the text given to its `status` goes to the log.
    """
    return _current
