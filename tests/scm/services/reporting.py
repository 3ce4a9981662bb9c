# SPDX-License-Identifier: MIT
"""What a test service tells the test, and how it waits for the test."""

import os
import threading
import time

_FILE = os.environ["PYSVC_TEST_REPORT"]
# Windows appends in two steps, seek and write: a line of another thread must not come between them.
_LOCK = threading.Lock()


def report(key, value=None):
    """Appends the line "key<TAB>value"; ascii() shows every string exactly, lone surrogates too."""
    line = f"{key}\t{ascii(value)}\n"
    with _LOCK, open(_FILE, "a", encoding="ascii", newline="\n") as file:
        file.write(line)


def wait_for_permit(name):
    """Returns when the test has called Report::permit(name)."""
    while not os.path.exists(f"{_FILE}.{name}"):
        time.sleep(0.02)
