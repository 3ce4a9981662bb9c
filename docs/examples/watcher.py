# SPDX-License-Identifier: MIT
"""Writes to the event log what happens to the machine: PythonService install watcher.py --start"""
from __future__ import annotations

import logging

from pythonservice import (
    DeviceEvent,
    EventLogHandler,
    PowerChange,
    PowerEvent,
    Service,
    SessionChange,
    SessionEvent,
    TimeChangeEvent,
)

log = logging.getLogger("watcher")


class Watcher(Service):
    name = "Watcher"
    description = "Watches sessions, power, devices and the clock."

    # Volumes that are mounted (GUID_DEVINTERFACE_VOLUME), and the lid (GUID_LIDSWITCH_STATE_CHANGE).
    device_interfaces = ["{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}"]
    power_settings = ["{ba3e0f4d-b817-4094-a2d1-d56379e6a0f3}"]

    def run(self) -> None:
        log.setLevel(logging.INFO)
        log.addHandler(EventLogHandler(logging.INFO))
        log.info("watching")
        self.stopping.wait()

    def on_session(self, event: SessionEvent) -> None:
        if event.change in (SessionChange.LOGON, SessionChange.LOGOFF):
            log.info("session %d: %s", event.session_id, event.change.name)

    def on_power(self, event: PowerEvent) -> None:
        if event.change is PowerChange.SETTING_CHANGE:
            log.info("the lid is %s", "open" if event.value else "closed")
        else:
            log.info("power: %s", event.change.name)

    def on_device(self, event: DeviceEvent) -> None:
        log.info("device %s: %s", event.change.name, event.name or ", ".join(event.drives))

    def on_time_change(self, event: TimeChangeEvent) -> None:
        log.warning("the clock was set from %s to %s", event.old, event.new)
