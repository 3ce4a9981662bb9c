# SPDX-License-Identifier: MIT
"""Events, mutexes, semaphores and timers of Windows within one process, for services that are debugged on POSIX.

One lock and one condition serve all objects: a wait for several of them at once is then one look under the lock. A wait
of the main thread can be interrupted by signals, as every wait of Python can.
"""

import _thread
from time import monotonic, time


class _Condition:
    """threading.Condition, without the modules that threading imports: they would be most of the start of a service."""

    def __init__(self):
        self._lock = _thread.RLock()
        self._waiters = []

    def __enter__(self):
        self._lock.acquire()

    def __exit__(self, *exception):
        self._lock.release()

    def notify_all(self):
        """Wake every thread in wait()."""
        for waiter in self._waiters:
            waiter.release()
        self._waiters.clear()

    def wait(self, seconds):
        """Give the lock away until notify_all, or for so many seconds; None is for ever."""
        waiter = _thread.allocate_lock()
        waiter.acquire()
        self._waiters.append(waiter)
        state = self._lock._release_save()
        try:
            waiter.acquire(True, -1 if seconds is None else max(seconds, 0.0))
        finally:
            self._lock._acquire_restore(state)
            if waiter in self._waiters:
                self._waiters.remove(waiter)


_changed = _Condition()
_handles = {}  # number -> object; several numbers may be one object
_names = {}  # name -> object that has one
_of_thread = _thread._local()
_next_handle = 4  # Windows numbers handles in steps of four

_WAIT_OBJECT_0 = 0
_WAIT_TIMEOUT = 258
_INFINITE = 0xFFFFFFFF
_MAXIMUM_WAIT_OBJECTS = 64
_MWMO_WAITALL = 1

_FILE_NOT_FOUND = 2
_INVALID_HANDLE = 6
_INVALID_PARAMETER = 87
_ALREADY_EXISTS = 183
_NOT_OWNER = 288
_TOO_MANY_POSTS = 298

_TEXTS = {
    _FILE_NOT_FOUND: "The system cannot find the file specified.",
    _INVALID_HANDLE: "The handle is invalid.",
    _INVALID_PARAMETER: "The parameter is incorrect.",
    _ALREADY_EXISTS: "Cannot create a file when that file already exists.",
    _NOT_OWNER: "Attempt to release mutex not owned by caller.",
    _TOO_MANY_POSTS: "Too many posts were made to a semaphore.",
}


def last_error():
    """The error of this thread's last call of a function here."""
    return getattr(_of_thread, "error", 0)


def _failed(code, function):
    from pywintypes import error

    _of_thread.error = code
    return error(code, function, _TEXTS[code])


class _Object:
    """What a handle stands for. Everything under the lock."""

    def __init__(self, name):
        self.name = name
        self.handles = 0
        self.waiters = 0

    def next_change(self, now):
        """When the object becomes signaled by itself, or None."""

    def waiter_left(self):
        """A thread has ended its wait."""


class _Event(_Object):
    def __init__(self, name, manual, signaled):
        super().__init__(name)
        self.manual = manual
        self.signaled = signaled
        self.pulsed = False

    def is_signaled(self, now):
        return self.signaled

    def take(self):
        if not self.manual:
            self.signaled = self.pulsed = False

    def pulse(self):
        # Who waits now is released; who comes later is not.
        self.signaled = self.pulsed = self.waiters > 0

    def waiter_left(self):
        if self.pulsed and self.waiters == 0:
            self.signaled = self.pulsed = False


class _Mutex(_Object):
    def __init__(self, name, owned):
        super().__init__(name)
        self.owner = _thread.get_ident() if owned else None
        self.depth = 1 if owned else 0

    def is_signaled(self, now):
        return self.owner in (None, _thread.get_ident())

    def take(self):
        self.owner = _thread.get_ident()
        self.depth += 1


class _Semaphore(_Object):
    def __init__(self, name, count, maximum):
        super().__init__(name)
        self.count = count
        self.maximum = maximum

    def is_signaled(self, now):
        return self.count > 0

    def take(self):
        self.count -= 1


class _Timer(_Object):
    def __init__(self, name, manual):
        super().__init__(name)
        self.manual = manual
        self.signaled = False
        self.due = None
        self.period = 0.0

    def set(self, due, period):
        self.signaled = False
        self.due = due
        self.period = period

    def is_signaled(self, now):
        if self.due is not None and now >= self.due:
            self.signaled = True
            self.due = self.due + self.period if self.period else None
        return self.signaled

    def take(self):
        if not self.manual:
            self.signaled = False

    def next_change(self, now):
        return self.due


# ---- handles ---------------------------------------------------------------------------------------------------------


def _handle_for(kernel_object):
    global _next_handle
    number = _next_handle
    _next_handle += 4
    _handles[number] = kernel_object
    kernel_object.handles += 1
    return number


def _object_of(handle, kind, function):
    kernel_object = _handles.get(handle)
    if kernel_object is None or (kind is not None and not isinstance(kernel_object, kind)):
        raise _failed(_INVALID_HANDLE, function)
    return kernel_object


def _create(kind, name, function, *arguments):
    with _changed:
        kernel_object = _names.get(name) if name else None
        _of_thread.error = 0 if kernel_object is None else _ALREADY_EXISTS
        if kernel_object is None:
            kernel_object = kind(name, *arguments)
            if name:
                _names[name] = kernel_object
        elif not isinstance(kernel_object, kind):
            raise _failed(_INVALID_HANDLE, function)
        return _handle_for(kernel_object)


def _open(kind, name, function):
    with _changed:
        kernel_object = _names.get(name)
        if kernel_object is None:
            raise _failed(_FILE_NOT_FOUND, function)
        if not isinstance(kernel_object, kind):
            raise _failed(_INVALID_HANDLE, function)
        return _handle_for(kernel_object)


def close_handle(handle):
    with _changed:
        kernel_object = _object_of(handle, None, "CloseHandle")
        del _handles[handle]
        kernel_object.handles -= 1
        if kernel_object.handles == 0 and kernel_object.name:
            del _names[kernel_object.name]


# ---- events ----------------------------------------------------------------------------------------------------------


def create_event(inherit, manual, initial, name):
    return _create(_Event, name, "CreateEvent", manual, initial)


def open_event(access, inherit, name):
    return _open(_Event, name, "OpenEvent")


def set_event(handle):
    with _changed:
        event = _object_of(handle, _Event, "SetEvent")
        event.signaled, event.pulsed = True, False
        _changed.notify_all()


def reset_event(handle):
    with _changed:
        event = _object_of(handle, _Event, "ResetEvent")
        event.signaled = event.pulsed = False


def pulse_event(handle):
    with _changed:
        _object_of(handle, _Event, "PulseEvent").pulse()
        _changed.notify_all()


# ---- mutexes, semaphores, timers -------------------------------------------------------------------------------------


def create_mutex(inherit, owned, name):
    return _create(_Mutex, name, "CreateMutex", owned)


def open_mutex(access, inherit, name):
    return _open(_Mutex, name, "OpenMutex")


def release_mutex(handle):
    with _changed:
        mutex = _object_of(handle, _Mutex, "ReleaseMutex")
        if mutex.owner != _thread.get_ident():
            raise _failed(_NOT_OWNER, "ReleaseMutex")
        mutex.depth -= 1
        if mutex.depth == 0:
            mutex.owner = None
            _changed.notify_all()


def create_semaphore(inherit, initial, maximum, name):
    if maximum <= 0 or not 0 <= initial <= maximum:
        raise _failed(_INVALID_PARAMETER, "CreateSemaphore")
    return _create(_Semaphore, name, "CreateSemaphore", initial, maximum)


def open_semaphore(access, inherit, name):
    return _open(_Semaphore, name, "OpenSemaphore")


def release_semaphore(handle, count):
    with _changed:
        semaphore = _object_of(handle, _Semaphore, "ReleaseSemaphore")
        if count <= 0:
            raise _failed(_INVALID_PARAMETER, "ReleaseSemaphore")
        if semaphore.count + count > semaphore.maximum:
            raise _failed(_TOO_MANY_POSTS, "ReleaseSemaphore")
        before = semaphore.count
        semaphore.count += count
        _changed.notify_all()
        return before


def create_waitable_timer(inherit, manual, name):
    return _create(_Timer, name, "CreateWaitableTimer", manual)


def open_waitable_timer(access, inherit, name):
    return _open(_Timer, name, "OpenWaitableTimer")


# FILETIME counts steps of 100 ns since 1601.
_STEPS_PER_SECOND = 10_000_000
_UNIX_EPOCH = 116_444_736_000_000_000


def set_waitable_timer(handle, due, period, resume):
    with _changed:
        timer = _object_of(handle, _Timer, "SetWaitableTimer")
        # Negative: from now on. Else a point of time, in UTC.
        delay = -due / _STEPS_PER_SECOND if due < 0 else (due - _UNIX_EPOCH) / _STEPS_PER_SECOND - time()
        timer.set(monotonic() + max(delay, 0.0), period / 1000)
        _changed.notify_all()


def cancel_waitable_timer(handle):
    with _changed:
        timer = _object_of(handle, _Timer, "CancelWaitableTimer")
        timer.due = None


# ---- waiting ---------------------------------------------------------------------------------------------------------


def wait_for_objects(handles, wait_all, milliseconds, alertable, function):
    """The index of the object that ended the wait (0 for all), or 258. Nothing here is ever alerted."""
    with _changed:
        if not 0 < len(handles) <= _MAXIMUM_WAIT_OBJECTS:
            raise _failed(_INVALID_PARAMETER, function)
        objects = [_object_of(handle, None, function) for handle in handles]
        deadline = _deadline(milliseconds)
        for kernel_object in objects:
            kernel_object.waiters += 1
        try:
            return _wait(objects, wait_all, deadline)
        finally:
            for kernel_object in objects:
                kernel_object.waiters -= 1
                kernel_object.waiter_left()


def _deadline(milliseconds):
    return None if milliseconds == _INFINITE else monotonic() + milliseconds / 1000


def _wait(objects, wait_all, deadline):
    while True:
        now = monotonic()
        signaled = [index for index, kernel_object in enumerate(objects) if kernel_object.is_signaled(now)]
        if wait_all and len(signaled) == len(objects):
            for kernel_object in objects:
                kernel_object.take()
            return _WAIT_OBJECT_0
        if signaled and not wait_all:
            objects[signaled[0]].take()
            return _WAIT_OBJECT_0 + signaled[0]
        if deadline is not None and now >= deadline:
            return _WAIT_TIMEOUT
        changes = [kernel_object.next_change(now) for kernel_object in objects]
        ends = [end for end in [deadline, *changes] if end is not None]
        _changed.wait(min(ends) - now if ends else None)


def wait_for_messages(handles, milliseconds, wake_mask, flags, function):
    """There are no window messages here; without handles only the time passes."""
    if handles:
        return wait_for_objects(handles, bool(flags & _MWMO_WAITALL), milliseconds, False, function)
    with _changed:
        return _wait([_Event(None, True, False)], False, _deadline(milliseconds))


def wait_for_input_idle(handle, milliseconds):
    raise _failed(_INVALID_HANDLE, "WaitForInputIdle")


def signal_object_and_wait(signal, handle, milliseconds, alertable):
    with _changed:
        kernel_object = _object_of(signal, None, "SignalObjectAndWait")
        release = {_Event: set_event, _Mutex: release_mutex, _Semaphore: lambda number: release_semaphore(number, 1)}
        if type(kernel_object) not in release:
            raise _failed(_INVALID_HANDLE, "SignalObjectAndWait")
        release[type(kernel_object)](signal)
        return wait_for_objects([handle], False, milliseconds, alertable, "SignalObjectAndWait")
