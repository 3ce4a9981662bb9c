# SPDX-License-Identifier: MIT
"""Asks Windows for the events that it sends only to services that register for them: devices and power settings."""
from __future__ import annotations

import ctypes
from ctypes import wintypes
from uuid import UUID

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# winuser.h, dbt.h
_SERVICE_HANDLE = 1
_ALL_INTERFACE_CLASSES = 4
_INTERFACE = 5


class _Guid(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_ubyte * 16)]


class _DeviceInterface(ctypes.Structure):
    """DEV_BROADCAST_DEVICEINTERFACE_W."""

    _fields_ = [
        ("size", wintypes.DWORD),
        ("device_type", wintypes.DWORD),
        ("reserved", wintypes.DWORD),
        ("interface_class", _Guid),
        ("name", wintypes.WCHAR * 1),
    ]


def _guid(text: str) -> _Guid:
    return _Guid.from_buffer_copy(UUID(text).bytes_le)


class Notifications:
    """What one service has registered for, under its status handle."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._user32 = ctypes.WinDLL("user32", use_last_error=True)
        self._registered: list[tuple[Callable[[int], int], int]] = []

    def add_devices(self, interface_classes: Sequence[str]) -> None:
        """Devices of these interface classes; of all when there is none."""
        for text in interface_classes or [""]:
            wanted = _DeviceInterface(ctypes.sizeof(_DeviceInterface), _INTERFACE)
            flags = _SERVICE_HANDLE
            if text:
                wanted.interface_class = _guid(text)
            else:
                flags |= _ALL_INTERFACE_CLASSES
            register = self._function("RegisterDeviceNotificationW", ctypes.c_void_p, ctypes.c_void_p, wintypes.DWORD)
            self._add(register(self._handle, ctypes.byref(wanted), flags), "UnregisterDeviceNotification", text)

    def add_power_settings(self, settings: Iterable[str]) -> None:
        """Changes of these power settings; their current values come at once."""
        for text in settings:
            register = self._function(
                "RegisterPowerSettingNotification", ctypes.c_void_p, ctypes.c_void_p, wintypes.DWORD
            )
            registration = register(self._handle, ctypes.byref(_guid(text)), _SERVICE_HANDLE)
            self._add(registration, "UnregisterPowerSettingNotification", text)

    def _function(self, name: str, *arguments: type) -> Callable[..., int]:
        function = self._user32[name]
        function.argtypes = arguments
        function.restype = ctypes.c_void_p
        return function

    def _add(self, registration: int | None, unregister: str, what: str) -> None:
        if not registration:
            error = ctypes.WinError(ctypes.get_last_error())
            error.filename = what or None
            raise error
        self._registered.append((self._function(unregister, ctypes.c_void_p), registration))

    def close(self) -> None:
        """No more events."""
        while self._registered:
            unregister, registration = self._registered.pop()
            unregister(registration)
