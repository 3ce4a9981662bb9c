# SPDX-License-Identifier: MIT
"""logging for the Windows event log."""
from __future__ import annotations

import logging
import threading


class EventLogHandler(logging.Handler):
    """Writes log records to the Windows event log under the service's name; in debug mode, to the console.

        logging.getLogger().addHandler(EventLogHandler())

    ERROR and CRITICAL are errors, WARNING is a warning, what is below is information. The event log is for
    administrators, so records below WARNING are left out unless `level` says otherwise. A record that cannot be written
    is logging's to report (Handler.handleError); it never raises into the program.
    """

    def __init__(self, level: int | str = logging.WARNING) -> None:
        # Not above: a module that names this class can then be imported, and tested, where there is no host.
        import servicemanager

        super().__init__(level)
        self._servicemanager = servicemanager
        self._emitting = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging, on any thread."""
        # What is logged while a record is being formatted would come here for ever. An error of asyncio is an event
        # already (_pythonservice_exceptions).
        if getattr(self._emitting, "now", False) or getattr(record, "reported_by_host", False):
            return
        self._emitting.now = True
        try:
            text = self.format(record)
            if record.levelno >= logging.ERROR:
                self._servicemanager.LogErrorMsg(text)
            elif record.levelno >= logging.WARNING:
                self._servicemanager.LogWarningMsg(text)
            else:
                self._servicemanager.LogInfoMsg(text)
        except Exception:
            self.handleError(record)
        finally:
            self._emitting.now = False
