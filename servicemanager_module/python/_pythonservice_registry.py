# SPDX-License-Identifier: MIT
"""The registry functions of win32api, over winreg."""

import winreg
from functools import wraps

from _pythonservice import error_text
from pywintypes import error


def _raising(function):
    """The same function with pywin32's exception instead of OSError."""

    @wraps(function)
    def call(*arguments, **keywords):
        try:
            return function(*arguments, **keywords)
        except OSError as failure:
            raise error(failure.winerror, function.__name__, error_text(failure.winerror)) from None

    return call


@_raising
def RegOpenKeyEx(key, subKey, reserved=0, sam=winreg.KEY_READ, /):
    """The key below `key`; it closes itself."""
    return winreg.OpenKeyEx(key, subKey, reserved, sam)


RegOpenKey = RegOpenKeyEx


@_raising
def RegCreateKey(key, subKey, /):
    """The key below `key`, made if it is not there."""
    return winreg.CreateKey(key, subKey)


@_raising
def RegCreateKeyEx(
    Key, SubKey, samDesired, Class=None, Options=0, SecurityAttributes=None, Transaction=None
):
    """(the key below `Key`, 1 when it was made or 2 when it was there)."""
    try:
        return winreg.OpenKeyEx(Key, SubKey, 0, samDesired), 2
    except FileNotFoundError:
        return winreg.CreateKeyEx(Key, SubKey, 0, samDesired), 1


@_raising
def RegCloseKey(key, /):
    """Close a key."""
    winreg.CloseKey(key)


@_raising
def RegFlushKey(key, /):
    """Write a key to the disk."""
    winreg.FlushKey(key)


@_raising
def RegDeleteKey(key, subKey, /):
    """Delete a key without subkeys."""
    winreg.DeleteKey(key, subKey)


@_raising
def RegDeleteValue(key, value, /):
    """Delete a value."""
    winreg.DeleteValue(key, value)


@_raising
def RegEnumKey(key, index, /):
    """The name of a subkey."""
    return winreg.EnumKey(key, index)


@_raising
def RegEnumValue(key, index, /):
    """(name, value, type) of a value."""
    return winreg.EnumValue(key, index)


@_raising
def RegQueryInfoKey(key, /):
    """(number of subkeys, number of values, time of the last change)."""
    return winreg.QueryInfoKey(key)


@_raising
def RegQueryValue(key, subKey, /):
    """The default value of a key."""
    return winreg.QueryValue(key, subKey)


@_raising
def RegQueryValueEx(key, valueName, /):
    """(value, type)."""
    return winreg.QueryValueEx(key, valueName)


@_raising
def RegSetValue(key, subKey, valueType, value, /):
    """Set the default value of a key."""
    winreg.SetValue(key, subKey, valueType, value)


@_raising
def RegSetValueEx(key, valueName, reserved, valueType, value, /):
    """Set a value."""
    winreg.SetValueEx(key, valueName, reserved, valueType, value)


@_raising
def ExpandEnvironmentStrings(text, /):
    """`text` with the values of the %variables% in it."""
    return winreg.ExpandEnvironmentStrings(text)
