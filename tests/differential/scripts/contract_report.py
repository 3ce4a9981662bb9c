# SPDX-License-Identifier: MIT
"""What a script saw, for the test: the same with both hosts, hence found beside this file and not through them."""

import os

os.environ["PYSVC_TEST_REPORT"] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "report")

# A name with a slash is a behaviour that is compared, others are for waiting.
from reporting import report as behaviour, wait_for_permit  # noqa: E402, F401 - it reads the variable


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
