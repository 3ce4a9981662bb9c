# SPDX-License-Identifier: MIT
"""The types of pywin32 that service scripts meet: error, PyHANDLE, IID, SECURITY_ATTRIBUTES, times.

Used where pywin32 is not installed. Every service imports this module, so that what costs time is made on first use.
"""

from _pythonservice_absent import module_getattr
from _pythonservice_error import error
from _pythonservice_kernel import close_handle

TRUE = True
FALSE = False


class com_error(Exception):
    """A call of COM failed: com_error(hresult, strerror, excepinfo, argerror). Only pywin32 raises it."""

    def __init__(self, *args):
        super().__init__(*args)
        self.hresult, self.strerror, self.excepinfo, self.argerror = (args + (None,) * 4)[:4]


class PyHANDLE:
    """A handle of Windows that is closed with its object. Converts to int, which everybody takes that wants a handle."""

    __slots__ = ("__weakref__", "_value")
    _close_number = staticmethod(close_handle)

    def __init__(self, value=0):
        self._value = value

    @property
    def handle(self):
        """The handle as int; 0 when it is closed."""
        return self._value

    def Close(self):
        """Close the handle; nothing happens when it is closed already."""
        value, self._value = self._value, 0
        if value:
            self._close_number(value)

    close = Close

    def Detach(self):
        """Give up the handle without closing it, and return it."""
        value, self._value = self._value, 0
        return value

    def __int__(self):
        return self._value

    # What an int argument of a C function or of ctypes asks for.
    __index__ = __int__

    def __bool__(self):
        return self._value != 0

    def __eq__(self, other):
        if isinstance(other, (PyHANDLE, int)):
            return self._value == int(other)
        return NotImplemented

    def __hash__(self):
        return hash(self._value)

    def __repr__(self):
        return f"<{type(self).__name__}:{self._value}>"

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.Close()

    def __del__(self):
        try:
            self.Close()
        except Exception:
            # The handle was closed behind this object's back; nobody is there to be told.
            pass


HANDLEType = PyHANDLE


def HANDLE(handle=0):
    """A PyHANDLE that owns `handle`."""
    return PyHANDLE(handle)


class SECURITY_ATTRIBUTES:
    """Whether child processes inherit a handle. Security descriptors need pywin32."""

    __slots__ = ("bInheritHandle",)

    def __init__(self):
        self.bInheritHandle = True

    @property
    def SECURITY_DESCRIPTOR(self):
        """None: the default of the account."""
        return None


SECURITY_ATTRIBUTESType = SECURITY_ATTRIBUTES


class PyIID:
    """A GUID. Equal GUIDs are equal objects; str() is the form with braces and capitals."""

    __slots__ = ("_text",)

    def __init__(self, text):
        self._text = text

    def __eq__(self, other):
        if isinstance(other, PyIID):
            return self._text == other._text
        return NotImplemented

    def __hash__(self):
        return hash(self._text)

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"IID('{self._text}')"

    def __bytes__(self):
        import uuid

        return uuid.UUID(self._text).bytes_le


IIDType = PyIID


def IID(value, is_bytes=False):
    """A GUID from its text with braces, from another IID, or from its 16 bytes."""
    if isinstance(value, PyIID):
        return value
    if is_bytes:
        import uuid

        if len(value) < 16:
            raise ValueError(f"string too small - must be at least 16 bytes (got {len(value)})")
        return PyIID("{" + str(uuid.UUID(bytes_le=bytes(value[:16]))).upper() + "}")
    if not isinstance(value, str):
        raise TypeError(f"a GUID is a str, not '{type(value).__name__}'")
    if not _is_guid(value):
        raise com_error(_CO_E_CLASSSTRING, "Invalid class string", None, None)
    return PyIID(value.upper())


_CO_E_CLASSSTRING = -2147221005


def _is_guid(text):
    groups = text[1:-1].split("-")
    if len(text) != 38 or text[0] != "{" or text[-1] != "}" or [len(group) for group in groups] != [8, 4, 4, 4, 12]:
        return False
    return all(character in "0123456789abcdefABCDEF" for group in groups for character in group)


def CreateGuid():
    """A new GUID."""
    import uuid

    return PyIID("{" + str(uuid.uuid4()).upper() + "}")


def Time(value):
    """The time `value`, a time_t or what time.localtime returns, as a datetime."""
    from datetime import datetime
    from time import mktime

    seconds = value if isinstance(value, (int, float)) else mktime(tuple(value))
    return datetime.fromtimestamp(int(seconds))


def _make(name):
    if name == "TimeType":
        from datetime import datetime

        return datetime
    return None


__getattr__ = module_getattr(__name__, _make)
