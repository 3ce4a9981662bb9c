# SPDX-License-Identifier: MIT
"""Exceptions that nobody handled, and warnings: what Python prints on stderr goes to the host instead.

The host writes each to the service's log and to the event log; in debug mode, to the console. The engine installs this in
PythonService.exe. Whatever a service sets itself later (sys.excepthook, threading.excepthook, an exception handler of
its event loop, warnings.showwarning, logging.captureWarnings) takes the place of what is set here.
"""
# Only what is in memory in every interpreter: each start of a service runs this.
import _thread
import sys

# logging.ERROR
_ERROR = 40


def _traceback_text(kind, value, traceback):
    """The exception with its traceback and the chain of its causes, as Python prints it."""
    from traceback import format_exception

    return "".join(format_exception(kind, value, traceback)).rstrip("\n")


def _represented(thing):
    try:
        return repr(thing)
    except Exception:
        return f"<{type(thing).__name__} object, its repr() failed>"


class Hooks:
    """The hooks; `error` and `warning` take one text each."""

    def __init__(self, error, warning):
        self._error = error
        self._warning = warning
        self._asyncio_logger = None
        self._showwarning = None

    def excepthook(self, kind, value, traceback):
        """sys.excepthook: C code called PyErr_Print, or a program calls it for an exception that it caught."""
        text = _traceback_text(kind, value, traceback)
        self._error(f"sys.excepthook in thread {_thread.get_ident()}\n{text}")

    def unraisablehook(self, unraisable):
        """sys.unraisablehook: a destructor, a callback from C, an atexit function, a thread made with _thread."""
        try:
            text = _traceback_text(unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback)
        except Exception:
            # At the very end of the interpreter nothing can be imported any more; this hook is native code.
            sys.__unraisablehook__(unraisable)
            return
        where = unraisable.err_msg or "Exception ignored in"
        if unraisable.object is not None:
            where = f"{where}: {_represented(unraisable.object)}"
        self._error(f"{where}\n{text}")

    def watch_threading(self, threading):
        """Called when threading has been imported."""
        threading.excepthook = self._threading_excepthook

    def _threading_excepthook(self, args):
        # As CPython: sys.exit() in a thread ends this thread, and says nothing.
        if args.exc_type is SystemExit:
            return
        text = _traceback_text(args.exc_type, args.exc_value, args.exc_traceback)
        name = args.thread.name if args.thread is not None else _thread.get_ident()
        self._error(f"thread {name!r}\n{text}")

    def watch_asyncio(self, log):
        """Called when asyncio.log has been imported.

        What nobody retrieves or handles ends in the exception handler of the event loop, and that logs with the logger
        "asyncio", in every implementation of a loop. A filter sees each record once and before any handler, whatever
        handlers the service has.
        """
        self._asyncio_logger = log.logger
        log.logger.addFilter(self._asyncio_filter)

    def _asyncio_filter(self, record):
        if record.levelno < _ERROR:
            return True
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            text += "\n" + _traceback_text(*record.exc_info)
        self._error(f"asyncio: {text}")
        # Where the service has handlers they get it too; EventLogHandler knows that the event exists.
        record.reported_by_host = True
        return self._asyncio_logger.hasHandlers()

    def watch_warnings(self, warnings):
        """Called when warnings has been imported."""
        self._showwarning = warnings.showwarning
        warnings.showwarning = self._show_warning

    def _show_warning(self, message, category, filename, lineno, file=None, line=None):
        if file is not None:
            self._showwarning(message, category, filename, lineno, file, line)
            return
        import warnings

        self._warning(warnings.formatwarning(message, category, filename, lineno, line).rstrip("\n"))


def install(error, warning):
    """Set the hooks of `sys`; returns the others, for the modules that are not imported yet."""
    hooks = Hooks(error, warning)
    sys.excepthook = hooks.excepthook
    sys.unraisablehook = hooks.unraisablehook
    return hooks
