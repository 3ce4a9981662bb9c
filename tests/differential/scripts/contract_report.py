# SPDX-License-Identifier: MIT
"""What a script saw, for the test: the same with both hosts, hence found beside this file and not through them."""

import os
import threading
import time

_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "report")
# Windows appends in two steps, seek and write: a line of another thread must not come between them.
_LOCK = threading.Lock()


def behaviour(name, value=None):
    """Appends the line "name<TAB>value". A name with a slash is a behaviour that is compared, others are for waiting."""
    line = f"{name}\t{ascii(value)}\n"
    with _LOCK, open(_FILE, "a", encoding="ascii", newline="\n") as file:
        file.write(line)


def wait_for_permit(name):
    """Returns when the test has called Report::permit(name)."""
    while not os.path.exists(f"{_FILE}.{name}"):
        time.sleep(0.02)


def outcome(function, *args, **keywords):
    """What a call returned, or the exception with everything that a script can catch it by."""
    try:
        return function(*args, **keywords)
    except Exception as error:  # noqa: BLE001 - the point is to see which
        return described(error)


def described(error):
    kind = type(error)
    if hasattr(error, "winerror") and not isinstance(error, OSError):
        return (f"{kind.__module__}.{kind.__qualname__}", error.args, error.winerror, error.funcname, error.strerror)
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return (f"{kind.__module__}.{kind.__qualname__}", error.args)
