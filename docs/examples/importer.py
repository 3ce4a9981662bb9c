# SPDX-License-Identifier: MIT
"""Needs a while until it is ready, and can be paused: PythonService debug importer.py, then Ctrl+Z and fg"""
from __future__ import annotations

import threading
from collections.abc import Sequence

from pythonservice import Service


class Importer(Service):
    name = "Importer"
    description = "Imports what lies in its folder."
    reports_ready = True

    def __init__(self, args: Sequence[str] = ()) -> None:
        super().__init__(args)
        self.may_work = threading.Event()
        self.may_work.set()

    def run(self) -> None:
        for number in range(1, 4):
            self.status = f"loading index {number} of 3"
            self.heartbeat()  # START_PENDING goes on, with the next checkpoint
            if self.stopping.wait(0.2):
                return
        self.ready()
        while not self.stopping.wait(1):
            self.may_work.wait()
            self.status = "importing"

    def pause(self) -> None:
        self.may_work.clear()

    def resume(self) -> None:
        self.may_work.set()

    def stop(self) -> None:
        super().stop()
        self.may_work.set()  # a paused service can be stopped as well
