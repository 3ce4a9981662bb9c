# SPDX-License-Identifier: MIT
"""What Windows tells a service besides its orders, as values.

Imported only for services that override an event method: dataclasses, enum and their like take longer than the rest of
the package. The structures are those of winuser.h, dbt.h and wtsapi32.h on 64-bit Windows.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from uuid import UUID

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class _Code(IntEnum):
    """A code of Windows; one that this version does not know is a member all the same."""

    @classmethod
    def _missing_(cls, value: object) -> _Code | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"CODE_{value}"
        member._value_ = value
        return member


# ---- power ----------------------------------------------------------------------------------------------------------


class PowerChange(_Code):
    """PBT_*: what happens to the power."""

    SUSPEND = 4
    RESUME_SUSPEND = 7
    STATUS_CHANGE = 10
    RESUME_AUTOMATIC = 18
    SETTING_CHANGE = 0x8013


@dataclass(frozen=True, slots=True)
class PowerEvent:
    """Suspend, resume, another power source, or another value of a power setting."""

    change: PowerChange
    setting: UUID | None = None
    """The power setting, for SETTING_CHANGE."""
    data: bytes = b""
    """Its value as Windows has it."""

    @property
    def value(self) -> int:
        """`data` as the number that most settings are."""
        return int.from_bytes(self.data, "little")


def _power_event(control: int, event_type: int, data: bytes) -> PowerEvent:
    if len(data) < 20:
        return PowerEvent(PowerChange(event_type))
    size = _number(data, 16, 4)
    return PowerEvent(PowerChange(event_type), UUID(bytes_le=data[:16]), data[20 : 20 + size])


# ---- sessions -------------------------------------------------------------------------------------------------------


class SessionChange(_Code):
    """WTS_*: what happens to the session."""

    CONSOLE_CONNECT = 1
    CONSOLE_DISCONNECT = 2
    REMOTE_CONNECT = 3
    REMOTE_DISCONNECT = 4
    LOGON = 5
    LOGOFF = 6
    LOCK = 7
    UNLOCK = 8
    REMOTE_CONTROL = 9
    CREATE = 10
    TERMINATE = 11


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Somebody logs on or off, locks or unlocks, connects or disconnects."""

    change: SessionChange
    session_id: int


def _session_event(control: int, event_type: int, data: bytes) -> SessionEvent:
    return SessionEvent(SessionChange(event_type), _number(_whole(data, 8), 4, 4))


# ---- devices --------------------------------------------------------------------------------------------------------


class DeviceChange(_Code):
    """DBT_*: what happens to the device."""

    NODES_CHANGED = 7
    ARRIVAL = 0x8000
    QUERY_REMOVE = 0x8001
    QUERY_REMOVE_FAILED = 0x8002
    REMOVE_PENDING = 0x8003
    REMOVE_COMPLETE = 0x8004
    TYPE_SPECIFIC = 0x8005
    CUSTOM = 0x8006


class DeviceType(_Code):
    """DBT_DEVTYP_*: how the device is described."""

    OEM = 0
    NODE = 1
    VOLUME = 2
    PORT = 3
    NET = 4
    INTERFACE = 5
    HANDLE = 6


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """A device comes or goes."""

    change: DeviceChange
    device_type: DeviceType | None = None
    """None for changes that name no device."""
    interface_class: UUID | None = None
    """The interface class of an INTERFACE, the event of a HANDLE."""
    name: str = ""
    """The path of an INTERFACE, the name of a PORT."""
    drives: tuple[str, ...] = ()
    """The drives of a VOLUME, as "E:"."""
    data: bytes = b""
    """The whole DEV_BROADCAST structure."""


def _device_event(control: int, event_type: int, data: bytes) -> DeviceEvent:
    change = DeviceChange(event_type)
    if len(data) < 12:
        return DeviceEvent(change, data=data)
    kind = DeviceType(_number(data, 4, 4))
    if kind is DeviceType.INTERFACE and len(data) >= 28:
        return DeviceEvent(change, kind, UUID(bytes_le=data[12:28]), _text(data, 28), data=data)
    if kind is DeviceType.PORT:
        return DeviceEvent(change, kind, name=_text(data, 12), data=data)
    if kind is DeviceType.VOLUME and len(data) >= 16:
        mask = _number(data, 12, 4)
        drives = tuple(f"{chr(ord('A') + bit)}:" for bit in range(26) if mask >> bit & 1)
        return DeviceEvent(change, kind, drives=drives, data=data)
    if kind is DeviceType.HANDLE and len(data) >= 48:
        return DeviceEvent(change, kind, UUID(bytes_le=data[32:48]), data=data)
    return DeviceEvent(change, kind, data=data)


class HardwareProfileChange(_Code):
    """DBT_*: what happens to the hardware profile."""

    QUERY_CHANGE = 0x17
    CHANGED = 0x18
    CHANGE_CANCELED = 0x19


@dataclass(frozen=True, slots=True)
class HardwareProfileEvent:
    """The hardware profile changes. An answer other than None or 0 refuses QUERY_CHANGE."""

    change: HardwareProfileChange


def _hardware_profile_event(control: int, event_type: int, data: bytes) -> HardwareProfileEvent:
    return HardwareProfileEvent(HardwareProfileChange(event_type))


# ---- the others -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TimeChangeEvent:
    """The system's clock was set. Both times are UTC."""

    old: datetime
    new: datetime


def _time_change_event(control: int, event_type: int, data: bytes) -> TimeChangeEvent:
    # SERVICE_TIMECHANGE_INFO has the new time first.
    return TimeChangeEvent(new=_time(_whole(data, 16), 0), old=_time(data, 8))


@dataclass(frozen=True, slots=True)
class TriggerEvent:
    """A start trigger of the service fired while it runs."""

    event_type: int = 0


def _trigger_event(control: int, event_type: int, data: bytes) -> TriggerEvent:
    return TriggerEvent(event_type)


@dataclass(frozen=True, slots=True)
class ParamChangeEvent:
    """The service is to read its settings again."""


def _param_change_event(control: int, event_type: int, data: bytes) -> ParamChangeEvent:
    return ParamChangeEvent()


class NetBindChange(_Code):
    """SERVICE_CONTROL_NETBIND*: what happens to the network binding."""

    ADD = 7
    REMOVE = 8
    ENABLE = 9
    DISABLE = 10


@dataclass(frozen=True, slots=True)
class NetBindEvent:
    """A network binding changed."""

    change: NetBindChange


def _net_bind_event(control: int, event_type: int, data: bytes) -> NetBindEvent:
    return NetBindEvent(NetBindChange(control))


@dataclass(frozen=True, slots=True)
class PauseEvent:
    """For the control hook of a program: it is to pause."""


@dataclass(frozen=True, slots=True)
class ResumeEvent:
    """For the control hook of a program: it is to go on."""


@dataclass(frozen=True, slots=True)
class CustomEvent:
    """A control of 128 to 255: `sc control NAME 200`."""

    control: int


def _custom_event(control: int, event_type: int, data: bytes) -> CustomEvent:
    return CustomEvent(control)


# ---- from the data --------------------------------------------------------------------------------------------------


def _number(data: bytes, offset: int, size: int) -> int:
    return int.from_bytes(data[offset : offset + size], "little")


def _whole(data: bytes, size: int) -> bytes:
    if len(data) < size:
        raise ValueError(f"Windows sent {len(data)} bytes of event data, {size} are needed")
    return data


def _text(data: bytes, offset: int) -> str:
    """UTF-16 up to its NUL; lone surrogates are kept."""
    return data[offset:].decode("utf-16-le", "surrogatepass").partition("\0")[0]


def _time(data: bytes, offset: int) -> datetime:
    """A FILETIME: tenths of a microsecond since 1601."""
    return datetime(1601, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=_number(data, offset, 8) // 10)


if TYPE_CHECKING:
    Event = (
        CustomEvent
        | DeviceEvent
        | HardwareProfileEvent
        | NetBindEvent
        | ParamChangeEvent
        | PowerEvent
        | SessionEvent
        | TimeChangeEvent
        | TriggerEvent
    )

_MAKERS: dict[str, Callable[[int, int, bytes], Event]] = {
    "on_custom": _custom_event,
    "on_device": _device_event,
    "on_hardware_profile": _hardware_profile_event,
    "on_net_bind": _net_bind_event,
    "on_param_change": _param_change_event,
    "on_power": _power_event,
    "on_session": _session_event,
    "on_time_change": _time_change_event,
    "on_trigger": _trigger_event,
}


def make_event(method: str, control: int, event_type: int, data: bytes | None) -> Event:
    """The event that the control method of that name gets."""
    return _MAKERS[method](control, event_type, data or b"")
