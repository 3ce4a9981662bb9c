# SPDX-License-Identifier: MIT
"""The current time with its zone, as far as service scripts use win32timezone of pywin32.

Used where pywin32 is not installed; frozen programs import it for pywin32's sake only.
"""

import datetime

from _pythonservice_absent import module_getattr


def utcnow():
    """The time now, in UTC."""
    return datetime.datetime.now(datetime.timezone.utc)


def now():
    """The time now, in the zone of this computer."""
    return datetime.datetime.now().astimezone()


class TimeZoneInfo:
    """The two zones that need no data: TimeZoneInfo.utc() and TimeZoneInfo.local()."""

    @staticmethod
    def utc():
        """UTC."""
        return datetime.timezone.utc

    @staticmethod
    def local():
        """The zone of this computer, with its offset of now."""
        return datetime.datetime.now().astimezone().tzinfo


__getattr__ = module_getattr(__name__)
