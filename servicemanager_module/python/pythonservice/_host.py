# SPDX-License-Identifier: MIT
"""What a service asks of its host; the only place that knows the native module."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    ControlHandler = Callable[[int, int, "bytes | None"], "int | None"]


class Host:
    """The native side of one service: registers its control handler, reports its states."""

    def __init__(self, service_name: str, on_control: "ControlHandler", wants_interrogate: bool) -> None:
        import _pythonservice  # type: ignore  # private, without a stub
        import servicemanager

        # Events go to the log under the service's own name, as with pywin32's framework.
        servicemanager.SetEventSourceName(service_name)
        self._native = _pythonservice
        self._module = servicemanager
        self._name = service_name
        self.handle: int | None = _pythonservice.register_service(service_name, on_control, wants_interrogate)

    def report(self, state: int, accepted: int) -> None:
        self._native.report_state(self.handle, state, accepted)

    def notify_ready(self) -> None:
        self._native.notify_ready(self._name)

    def watchdog(self, seconds: "float | None") -> None:
        self._module.Watchdog(seconds, self._name)

    def heartbeat(self) -> None:
        self._native.heartbeat(self.handle)

    def write_line(self, text: str) -> None:
        self._native.write_line(text)


class NoHost:
    """Stands in for the host where a test makes an instance: nothing is registered or reported."""

    handle = None

    def report(self, state: int, accepted: int) -> None: ...
    def notify_ready(self) -> None: ...
    def watchdog(self, seconds: "float | None") -> None: ...
    def heartbeat(self) -> None: ...
    def write_line(self, text: str) -> None: ...
