# SPDX-License-Identifier: MIT
"""A service without pywin32: what our host and the interpreter need by themselves."""

import time


class Plain:
    def __init__(self, args):
        pass

    def SvcRun(self):
        # Short, so that the SystemExit by which the host ends such a service comes soon.
        while True:
            time.sleep(0.1)
