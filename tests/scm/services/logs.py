# SPDX-License-Identifier: MIT
"""Services that fill the diagnostic log: what they print is in it."""

import os
import sys
import threading

import win32service

from light import Light
from reporting import report


class OnDemand(Light):
    """Control 130 is a record, 131 a burst of them."""

    BURST = 2_000
    count = 0

    def on_control(self, control, event_type, data):
        if control == 130:
            self.write_records(1)
        elif control == 131:
            self.write_records(self.BURST)
            report("burst")
        super().on_control(control, event_type, data)

    def write_records(self, count):
        for _ in range(count):
            sys.stdout.write(f"record {self.count} of a service that has much to say, and says it line by line\n")
            self.count += 1


class Threads(Light):
    """Writes PYSVC_TEST_RECORDS records from 8 threads, then waits for STOP."""

    THREADS = 8

    def SvcRun(self):
        self.status(win32service.SERVICE_RUNNING)
        each = int(os.environ["PYSVC_TEST_RECORDS"]) // self.THREADS
        threads = [threading.Thread(target=self.write_records, args=(n, each)) for n in range(self.THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        report("written")
        self.stop.wait()

    @staticmethod
    def write_records(thread, count):
        for number in range(count):
            sys.stdout.write(f"thread {thread} record {number}\n")
