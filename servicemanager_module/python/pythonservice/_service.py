# SPDX-License-Identifier: MIT
"""The base class of services."""

from _thread import allocate_lock

from . import _controls
from ._host import Host, NoHost
from ._stopping import StopEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from typing import ClassVar

    from ._async_run import AsyncRun
    from ._events import (
        CustomEvent,
        DeviceEvent,
        HardwareProfileEvent,
        NetBindEvent,
        ParamChangeEvent,
        PowerEvent,
        SessionEvent,
        TimeChangeEvent,
        TriggerEvent,
    )
    from ._notifications import Notifications

    # What a control method returns: None or 0 for success, else a Windows error code; or a coroutine of that.
    Answer = Awaitable["int | None"] | int | None

_PYWIN32_NAMES = (
    ("name", "_svc_name_"),
    ("display_name", "_svc_display_name_"),
    ("description", "_svc_description_"),
    ("dependencies", "_svc_deps_"),
)

_COROUTINE_FLAG = 0x80  # inspect.CO_COROUTINE; inspect itself takes 10 ms to import


def _is_coroutine_function(function: object) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and bool(code.co_flags & _COROUTINE_FLAG)


class Service:
    """A Windows service. Derive from it, set `name`, write run().

    Of the methods below, override what the service wants to be told of: a method that is overridden is what makes
    Windows send its control. They are called on the service's control thread, one at a time. Written as `async def`
    they run in the event loop of an `async def run()`.
    """

    name: "ClassVar[str]" = ""
    """The service's name in Windows; the name of the class when it is empty."""
    display_name: "ClassVar[str]" = ""
    """What the Services window shows; the name when it is empty."""
    description: "ClassVar[str]" = ""
    """The text below it."""
    dependencies: "ClassVar[Sequence[str]]" = ()
    """Names of services that must run before this one starts."""
    device_interfaces: "ClassVar[Sequence[str]]" = ()
    """The interface classes, as GUIDs, whose devices on_device() is told of; all of them when it is empty."""
    power_settings: "ClassVar[Sequence[str]]" = ()
    """The power settings, as GUIDs, whose changes on_power() is told of."""
    reports_ready: "ClassVar[bool]" = False
    """True: the service is START_PENDING until run() calls ready(). False: it is RUNNING when run() begins, unless the
    setting StartupMode=notify has it wait for ready() all the same."""

    def __init_subclass__(cls, **arguments: object) -> None:
        super().__init_subclass__(**arguments)
        # pywin32's functions and other tools look for its names; a class may be written with them as well.
        for ours, theirs in _PYWIN32_NAMES:
            if theirs in vars(cls):
                setattr(cls, ours, vars(cls)[theirs])
        cls._svc_name_ = cls.name or cls.__name__
        cls._svc_display_name_ = cls.display_name or cls._svc_name_
        cls._svc_description_ = cls.description
        cls._svc_deps_ = list(cls.dependencies)

    _svc_name_: "ClassVar[str]"
    _svc_display_name_: "ClassVar[str]"
    _svc_description_: "ClassVar[str]"
    _svc_deps_: "ClassVar[list[str]]"

    def __init__(self, args: "Sequence[str]" = ()) -> None:
        """The host calls this with the service's name and the arguments of its start; an override calls it first.

        Without arguments the instance has no host, for tests: nothing is registered, nothing is reported.
        """
        self.args: tuple[str, ...] = tuple(args)
        self.stopping = StopEvent()
        self._mutex = allocate_lock()
        self._entered = False
        self._status = ""
        self._async_run: "AsyncRun | None" = None
        self._accepted = _controls.ACCEPT_STOP
        for method, bit in _controls.ACCEPTED_BY.items():
            if self._overrides(method):
                self._accepted |= bit
        if any(map(self._overrides, set(_controls.EVENT_METHODS.values()))):
            # Now, and not on the control thread when the first event comes.
            from . import _events as _events
        self._host: Host | NoHost = NoHost()
        if self.args:
            self._host = Host(self.args[0], self._on_control, self._overrides("on_interrogate"))

    # ---- what a service is ------------------------------------------------------------------------------------------

    def run(self) -> "Awaitable[None] | None":
        """The work of the service, as `def` or `async def`; it is STOPPED when this returns.

        Runs on Python's main thread. SystemExit(n) makes n the service's exit code; any other exception is an event
        with the traceback and a failed service.
        """
        raise NotImplementedError(f"{type(self).__name__} has no run()")

    def stop(self) -> "Answer":
        """Windows, or somebody, stops the service.

        Sets `stopping`. An `async def run()` is cancelled as Ctrl+C cancels it under asyncio.run(), unless the service
        awaits `stopping`: then that is what it goes by.
        """
        self.stopping.set()
        if self._async_run is not None and not self.stopping._awaited:
            self._async_run.cancel()
        return None

    def shutdown(self) -> "Answer":
        """The system goes down: like stop(), with the few seconds that Windows leaves."""
        return self.stop()

    def preshutdown(self) -> "Answer":
        """Overridden: the service is told before others are shut down, and may take minutes. Default: stop()."""
        return self.stop()

    def pause(self) -> "Answer":
        """Overridden: the service can be paused. It is PAUSED when this returns; an exception leaves it RUNNING."""
        return _controls.CALL_NOT_IMPLEMENTED

    def resume(self) -> "Answer":
        """The service is to go on after a pause; RUNNING when this returns."""
        return None

    # ---- events, for services that override them ---------------------------------------------------------------------

    def on_power(self, event: "PowerEvent") -> "Answer":
        """Suspend, resume, battery, and the settings in `power_settings`."""
        return None

    def on_session(self, event: "SessionEvent") -> "Answer":
        """Somebody logs on or off, locks, connects."""
        return None

    def on_device(self, event: "DeviceEvent") -> "Answer":
        """A device comes or goes."""
        return None

    def on_hardware_profile(self, event: "HardwareProfileEvent") -> "Answer":
        """The hardware profile changes (docking)."""
        return None

    def on_time_change(self, event: "TimeChangeEvent") -> "Answer":
        """The system's clock was set."""
        return None

    def on_trigger(self, event: "TriggerEvent") -> "Answer":
        """A start trigger of the service fired while it runs."""
        return None

    def on_param_change(self, event: "ParamChangeEvent") -> "Answer":
        """`sc control NAME paramchange`: the service is to read its settings again."""
        return None

    def on_net_bind(self, event: "NetBindEvent") -> "Answer":
        """A network binding changed."""
        return None

    def on_custom(self, event: "CustomEvent") -> "Answer":
        """A control of 128 to 255, which has the meaning that the service gives it."""
        return _controls.CALL_NOT_IMPLEMENTED

    def on_interrogate(self) -> "Answer":
        """Somebody asked for the state, and has been answered."""
        return None

    # ---- what a service may say -------------------------------------------------------------------------------------

    def ready(self) -> None:
        """Reports RUNNING. Any thread; needed only with `reports_ready` or the setting StartupMode=notify."""
        self._report_running()
        self._host.notify_ready()

    def heartbeat(self) -> None:
        """Evidence that the service is alive. Any thread, as often as you like.

        While it starts, stops, pauses or resumes Windows is told so: at most once a second the checkpoint moves. While
        it runs, its watchdog() begins a new period.
        """
        self._host.heartbeat()

    def watchdog(self, seconds: "float | None") -> None:
        """From now on the service calls heartbeat() at least once every so many seconds while it runs. Any thread.

        One that does not is ended as failed, with an event that shows where it hangs; 0 or None switches that off.
        """
        self._host.watchdog(seconds)

    @property
    def status(self) -> str:
        """What the service is doing, as text for people: a line in its log, and on the console in debug mode."""
        return self._status

    @status.setter
    def status(self, text: str) -> None:
        if text != self._status:
            self._status = text
            self._host.write_line(text)

    # ---- the host ---------------------------------------------------------------------------------------------------

    def SvcRun(self) -> None:
        """Called by the host on the thread that run() is to have."""
        with self._mutex:
            # Stopped before it began: there is nothing to do and nothing to clean up.
            if self.stopping.is_set():
                return
            self._entered = True
            if _is_coroutine_function(self.run):
                from ._async_run import AsyncRun

                self._async_run = AsyncRun(self.stopping)
        notifications = self._notifications()
        try:
            if self._async_run is None:
                self._begin()
                if hasattr(self.run(), "__await__"):
                    raise TypeError("run() returned a coroutine; its own definition must be `async def run(self)`")
            else:
                self._async_run.run(self.run, self._begin)
        finally:
            if notifications is not None:
                notifications.close()

    def _begin(self) -> None:
        if not self.reports_ready:
            self._report_running()

    def _report_running(self) -> None:
        self._host.report(_controls.RUNNING, self._accepted)

    def _notifications(self) -> "Notifications | None":
        """The events that Windows sends only when asked to. Debug mode has no handle, and nobody who would send them."""
        devices = self._overrides("on_device")
        if self._host.handle is None or not (devices or self.power_settings):
            return None
        from ._notifications import Notifications

        notifications = Notifications(self._host.handle)
        try:
            if devices:
                notifications.add_devices(self.device_interfaces)
            notifications.add_power_settings(self.power_settings)
        except BaseException:
            notifications.close()
            raise
        return notifications

    @classmethod
    def _overrides(cls, method: str) -> bool:
        return getattr(cls, method) is not getattr(Service, method)

    def _on_control(self, control: int, event_type: int, data: bytes | None) -> int | None:
        """The control handler. Control thread."""
        with self._mutex:
            if not self._entered:
                # The constructor of the derived class may still be at work: its methods must not be called yet.
                if control in (_controls.STOP, _controls.SHUTDOWN, _controls.PRESHUTDOWN):
                    self.stopping.set()
                    return None
                return _controls.CANNOT_ACCEPT_CONTROL
        if control in (_controls.PAUSE, _controls.CONTINUE):
            return self._pause_or_resume(control)
        method = _controls.EVENT_METHODS.get(control)
        if method is not None:
            # Only what was asked for becomes an event, so that nobody else imports what events are made of.
            if not self._overrides(method):
                return _controls.CALL_NOT_IMPLEMENTED if method == "on_custom" else None
            from ._events import make_event

            return self._answer(getattr(self, method)(make_event(method, control, event_type, data)))
        plain = {
            _controls.STOP: self.stop,
            _controls.INTERROGATE: self.on_interrogate,
            _controls.SHUTDOWN: self.shutdown,
            _controls.PRESHUTDOWN: self.preshutdown,
        }
        return self._answer(plain[control]()) if control in plain else _controls.CALL_NOT_IMPLEMENTED

    def _pause_or_resume(self, control: int) -> int | None:
        pauses = control == _controls.PAUSE
        answer = self._answer(self.pause() if pauses else self.resume())
        if not answer:
            self._host.report(_controls.PAUSED if pauses else _controls.RUNNING, self._accepted)
        return answer

    def _answer(self, result: "Answer") -> int | None:
        """What a control method returned; a coroutine is run first."""
        if result is None or isinstance(result, int):
            return result
        if self._async_run is not None:
            return self._async_run.call(result)
        raise TypeError("an `async def` method needs an `async def run()`, whose event loop it runs in")
