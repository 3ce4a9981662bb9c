# SPDX-License-Identifier: MIT
"""Services that say, or do not say, that they are ready and alive."""

import servicemanager

from framework import Service
from reporting import report, wait_for_permit


class ReadyLater(Service):
    """Ready when the test permits it; the framework has reported RUNNING long before."""

    def main(self):
        report("main")
        wait_for_permit("ready")
        servicemanager.NotifyReady()
        super().main()


class Unheard(Service):
    """Promises heartbeats, gives none, and hangs in C."""

    def main(self):
        servicemanager.Watchdog(0.5)
        super().main()


class Raises(Service):
    def main(self):
        wait_for_permit("raise")
        raise OSError("disk")
