# SPDX-License-Identifier: MIT
"""Events, mutexes, semaphores, timers and waiting, with pywin32's names, arguments, results and exceptions.

Used where pywin32 is not installed. On POSIX the objects live within the process; the same service can be debugged there.
"""

import _pythonservice_kernel as _kernel
from _pythonservice_absent import module_getattr
from pywintypes import PyHANDLE, SECURITY_ATTRIBUTES, error

INFINITE = -1
MAXIMUM_WAIT_OBJECTS = 64
WAIT_OBJECT_0 = 0
WAIT_ABANDONED = 0x80
WAIT_ABANDONED_0 = 0x80
WAIT_IO_COMPLETION = 0xC0
WAIT_TIMEOUT = 0x102
WAIT_FAILED = -1

SYNCHRONIZE = 0x100000
EVENT_MODIFY_STATE = 0x0002
EVENT_ALL_ACCESS = 0x1F0003
TIMER_QUERY_STATE = 0x0001
TIMER_MODIFY_STATE = 0x0002
TIMER_ALL_ACCESS = 0x1F0003

QS_KEY = 0x0001
QS_MOUSEMOVE = 0x0002
QS_MOUSEBUTTON = 0x0004
QS_MOUSE = QS_MOUSEMOVE | QS_MOUSEBUTTON
QS_POSTMESSAGE = 0x0008
QS_TIMER = 0x0010
QS_PAINT = 0x0020
QS_SENDMESSAGE = 0x0040
QS_HOTKEY = 0x0080
QS_INPUT = 0x0407
QS_ALLEVENTS = 0x04BF
QS_ALLINPUT = 0x04FF

UNICODE = 1

_UINT32 = 0xFFFFFFFF


def _number(handle):
    """The handle as a number; None is no handle."""
    if handle is None:
        return 0
    if isinstance(handle, (PyHANDLE, int)):
        return int(handle)
    raise TypeError("The object is not a PyHANDLE object")


def _numbers(handles):
    if isinstance(handles, (str, bytes)) or not hasattr(handles, "__getitem__"):
        raise TypeError("Handles must be a list of integers")
    return [_number(handle) for handle in handles]


def _inherit(attributes):
    """Whether a handle with these SECURITY_ATTRIBUTES is inherited by child processes."""
    if attributes is None:
        return False
    if isinstance(attributes, SECURITY_ATTRIBUTES):
        return bool(attributes.bInheritHandle)
    raise TypeError("The object is not a PySECURITY_ATTRIBUTES object")


def _name(name):
    """The name of a kernel object, up to the first NUL as Windows reads it; None for none."""
    if name is None:
        return None
    if isinstance(name, str):
        return name.partition("\0")[0]
    raise TypeError(f"Objects of type '{type(name).__name__}' can not be converted to Unicode.")


def CreateEvent(EventAttributes, bManualReset, bInitialState, Name, /):
    """A new event, or that of the name; GetLastError is then 183 (ERROR_ALREADY_EXISTS)."""
    return PyHANDLE(
        _kernel.create_event(_inherit(EventAttributes), bool(bManualReset), bool(bInitialState), _name(Name))
    )


def OpenEvent(desiredAccess, bInheritHandle, name, /):
    """The event of the name."""
    return PyHANDLE(_kernel.open_event(desiredAccess & _UINT32, bool(bInheritHandle), _name(name)))


def SetEvent(hEvent, /):
    """Signal the event."""
    _kernel.set_event(_number(hEvent))


def ResetEvent(hEvent, /):
    """End the event's signal."""
    _kernel.reset_event(_number(hEvent))


def PulseEvent(hEvent, /):
    """Release the threads that wait for the event, and end its signal."""
    _kernel.pulse_event(_number(hEvent))


def CreateMutex(MutexAttributes, InitialOwner, Name, /):
    """A new mutex, or that of the name; GetLastError is then 183 (ERROR_ALREADY_EXISTS)."""
    return PyHANDLE(_kernel.create_mutex(_inherit(MutexAttributes), bool(InitialOwner), _name(Name)))


def OpenMutex(desiredAccess, bInheritHandle, name, /):
    """The mutex of the name."""
    return PyHANDLE(_kernel.open_mutex(desiredAccess & _UINT32, bool(bInheritHandle), _name(name)))


def ReleaseMutex(hEvent, /):
    """Give up one ownership of the mutex."""
    _kernel.release_mutex(_number(hEvent))


def CreateSemaphore(SemaphoreAttributes, InitialCount, MaximumCount, SemaphoreName, /):
    """A new semaphore, or that of the name; GetLastError is then 183 (ERROR_ALREADY_EXISTS)."""
    return PyHANDLE(
        _kernel.create_semaphore(_inherit(SemaphoreAttributes), InitialCount, MaximumCount, _name(SemaphoreName))
    )


def OpenSemaphore(desiredAccess, bInheritHandle, name, /):
    """The semaphore of the name."""
    return PyHANDLE(_kernel.open_semaphore(desiredAccess & _UINT32, bool(bInheritHandle), _name(name)))


def ReleaseSemaphore(hEvent, lReleaseCount, /):
    """Add to the semaphore's count; returns what it was."""
    return _kernel.release_semaphore(_number(hEvent), lReleaseCount)


def CreateWaitableTimer(TimerAttributes, ManualReset, TimerName, /):
    """A new timer, or that of the name; GetLastError is then 183 (ERROR_ALREADY_EXISTS)."""
    return PyHANDLE(_kernel.create_waitable_timer(_inherit(TimerAttributes), bool(ManualReset), _name(TimerName)))


def OpenWaitableTimer(desiredAccess, bInheritHandle, timerName, /):
    """The timer of the name."""
    return PyHANDLE(_kernel.open_waitable_timer(desiredAccess & _UINT32, bool(bInheritHandle), _name(timerName)))


def SetWaitableTimer(handle, dueTime, period, func, param, resume_state, /):
    """Signal the timer at `dueTime` (units of 100 ns; negative: from now on), then every `period` milliseconds."""
    if func is not None or param is not None:
        raise TypeError("This param must be None")
    _kernel.set_waitable_timer(_number(handle), dueTime, period, bool(resume_state))


def CancelWaitableTimer(handle, /):
    """Stop the timer; its signal stays as it is."""
    _kernel.cancel_waitable_timer(_number(handle))


def WaitForSingleObject(hHandle, milliseconds, /):
    """Wait for the object; WAIT_OBJECT_0, WAIT_ABANDONED or WAIT_TIMEOUT."""
    return _kernel.wait_for_objects([_number(hHandle)], False, milliseconds & _UINT32, False, "WaitForSingleObject")


def WaitForSingleObjectEx(hHandle, milliseconds, bAlertable, /):
    """WaitForSingleObject that also ends for an asynchronous procedure call, with WAIT_IO_COMPLETION."""
    return _kernel.wait_for_objects(
        [_number(hHandle)], False, milliseconds & _UINT32, bool(bAlertable), "WaitForSingleObjectEx"
    )


def WaitForMultipleObjects(handleList, bWaitAll, milliseconds, /):
    """Wait for all or one of the objects; WAIT_OBJECT_0 + index, WAIT_ABANDONED_0 + index or WAIT_TIMEOUT."""
    return _kernel.wait_for_objects(
        _numbers(handleList), bool(bWaitAll), milliseconds & _UINT32, False, "WaitForMultipleObjects"
    )


def WaitForMultipleObjectsEx(handleList, bWaitAll, milliseconds, bAlertable, /):
    """WaitForMultipleObjects that also ends for an asynchronous procedure call, with WAIT_IO_COMPLETION."""
    return _kernel.wait_for_objects(
        _numbers(handleList), bool(bWaitAll), milliseconds & _UINT32, bool(bAlertable), "WaitForMultipleObjectsEx"
    )


def MsgWaitForMultipleObjects(handleList, bWaitAll, milliseconds, wakeMask, /):
    """WaitForMultipleObjects that also ends for a window message, with WAIT_OBJECT_0 + the number of handles."""
    flags = _MWMO_WAITALL if bWaitAll else 0
    return _kernel.wait_for_messages(
        _numbers(handleList), milliseconds & _UINT32, wakeMask & _UINT32, flags, "MsgWaitForMultipleObjects"
    )


def MsgWaitForMultipleObjectsEx(handleList, milliseconds, wakeMask, waitFlags, /):
    """MsgWaitForMultipleObjects with MWMO_* flags."""
    return _kernel.wait_for_messages(
        _numbers(handleList),
        milliseconds & _UINT32,
        wakeMask & _UINT32,
        waitFlags & _UINT32,
        "MsgWaitForMultipleObjectsEx",
    )


_MWMO_WAITALL = 1


def SignalObjectAndWait(objectToSignal, objectToWaitOn, milliseconds, bAlertable, /):
    """Signal one object and wait for another."""
    return _kernel.signal_object_and_wait(
        _number(objectToSignal), _number(objectToWaitOn), milliseconds & _UINT32, bool(bAlertable)
    )


def WaitForInputIdle(hProcess, milliseconds, /):
    """Wait until a program with windows has read its input."""
    return _kernel.wait_for_input_idle(_number(hProcess), milliseconds & _UINT32)


__getattr__ = module_getattr(__name__)
