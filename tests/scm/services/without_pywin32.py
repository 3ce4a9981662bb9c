# SPDX-License-Identifier: MIT
"""Services in a Python without pywin32."""

import importlib.util
import logging.handlers
import multiprocessing.connection
import threading
import time

import win32api
import win32con
import win32event
import win32evtlogutil
import win32service
import win32serviceutil
import winerror

import framework
from reporting import report


class Origins(framework.Service):
    def main(self):
        modules = (win32api, win32con, win32event, win32evtlogutil, win32service, win32serviceutil, winerror)
        report("origins", sorted({module.__spec__.origin for module in modules}))
        report("win32file", importlib.util.find_spec("win32file"))
        super().main()


class Handles(framework.Service):
    """Others take our handles as they take pywin32's."""

    def main(self):
        event = win32event.CreateEvent(None, 1, 1, None)
        report("multiprocessing", multiprocessing.connection.wait([event]) == [event])
        process = win32api.OpenProcess(win32con.SYNCHRONIZE, False, win32api.GetCurrentProcessId())
        report("process", win32event.WaitForSingleObject(process, 0) == win32event.WAIT_TIMEOUT)
        report("several", win32event.WaitForMultipleObjects([self.stop_event, event], False, win32event.INFINITE))
        super().main()


class Waiting(framework.Service):
    """Waits in Windows while other threads run."""

    def main(self):
        turns = []
        stopped = threading.Event()

        def count():
            while not stopped.is_set():
                turns.append(1)
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        thread.start()
        event = win32event.CreateEvent(None, 0, 0, None)
        report("timeout", win32event.WaitForSingleObject(event, 200) == win32event.WAIT_TIMEOUT)
        report("others ran", len(turns) > 5)
        stopped.set()
        thread.join()
        super().main()


class LogHandler(framework.Service):
    def main(self):
        name = self._svc_name_ + "-handler"
        handler = logging.handlers.NTEventLogHandler(name)
        report("message file", win32api.RegQueryValueEx(self._key(name), "EventMessageFile"))
        logger = logging.getLogger("handler")
        logger.addHandler(handler)
        logger.error("written by the standard library's handler")
        win32evtlogutil.RemoveSourceFromRegistry(name)
        try:
            self._key(name)
        except win32service.error as error:
            report("removed", error.winerror == winerror.ERROR_FILE_NOT_FOUND)
        super().main()

    def _key(self, name):
        path = "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" + name
        return win32api.RegOpenKey(win32con.HKEY_LOCAL_MACHINE, path)

