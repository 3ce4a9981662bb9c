# SPDX-License-Identifier: MIT
"""Reports what a service sees of its process."""

import atexit
import os
import signal
import sys
import threading

from framework import Service
from reporting import report

report("during import: stdout", hasattr(sys.stdout, "fileno") and sys.stdout.fileno())


class Facts(Service):
    def main(self):
        import servicemanager

        report("argv", sys.argv)
        report("main thread", threading.current_thread() is threading.main_thread())
        previous = signal.signal(signal.SIGBREAK, signal.SIG_IGN)
        report("signal", signal.getsignal(signal.SIGBREAK) is signal.SIG_IGN)
        signal.signal(signal.SIGBREAK, previous)
        report("builtin", "servicemanager" in sys.builtin_module_names)
        report("origin", servicemanager.__spec__.origin)
        report("prefix", sys.prefix)
        report("executable", sys.executable)
        report("base executable", sys._base_executable)
        report("path", sys.path)
        report("cwd", os.getcwd())
        report("streams", [stream is not None and stream.writable() for stream in (sys.stdout, sys.stderr)])
        report("stdin", sys.stdin.read())
        print("printed Gr\u00fc\u00dfe \u670d\u52a1 \U0001f600")
        print("to stderr", file=sys.stderr)
        print("a line without an end", end="")
        os.write(1, b"bytes for descriptor 1\n")
        report("streams survived")
        self.child()
        self.hardening()
        atexit.register(report, "atexit")
        super().main()

    def child(self):
        import subprocess

        out = subprocess.run([sys.executable, "-c", "print('from a child')"], stdout=subprocess.PIPE, check=True)
        report("child", out.stdout.decode().strip())

    def hardening(self):
        import ctypes

        kernel32 = ctypes.windll.kernel32
        report("error mode", kernel32.GetErrorMode())
        # PROCESS_MITIGATION_POLICY of winnt.h
        for name, policy in (("extension points", 6), ("images", 10)):
            flags = ctypes.c_uint32()
            own_process = ctypes.c_void_p(-1)
            kernel32.GetProcessMitigationPolicy(own_process, policy, ctypes.byref(flags), ctypes.sizeof(flags))
            report(name, flags.value)


class Path(Service):
    def main(self):
        report("path", sys.path)
        super().main()


class Origins(Service):
    """Where everything in the process comes from."""

    def main(self):
        import json

        import servicemanager

        report("path", sys.path)
        report("prefix", sys.prefix)
        report("json", json.__file__)
        report("servicemanager", servicemanager.__spec__.origin)
        report("modules", [module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)])
        report("libraries", self.libraries())
        super().main()

    def libraries(self):
        import ctypes
        from ctypes import wintypes

        kernel32 = ctypes.WinDLL("kernel32")
        kernel32.GetModuleFileNameW.argtypes = (wintypes.HMODULE, wintypes.LPWSTR, wintypes.DWORD)
        modules = (wintypes.HMODULE * 1024)()
        size = wintypes.DWORD()
        own_process = wintypes.HANDLE(-1)
        kernel32.K32EnumProcessModules(own_process, modules, ctypes.sizeof(modules), ctypes.byref(size))
        name = ctypes.create_unicode_buffer(4096)
        paths = []
        for module in modules[: size.value // ctypes.sizeof(wintypes.HMODULE)]:
            kernel32.GetModuleFileNameW(module, name, len(name))
            paths.append(name.value)
        return paths


class ThreadsAndTasks(Service):
    """What needs Python's real main thread, and what must be joined at the end."""

    def main(self):
        import asyncio

        report("asyncio", asyncio.run(self.task()))
        threading.Thread(target=self.late, name="late").start()
        super().main()

    async def task(self):
        import asyncio

        await asyncio.sleep(0)
        return type(asyncio.get_running_loop()).__name__

    def late(self):
        import win32event

        win32event.WaitForSingleObject(self.stop_event, win32event.INFINITE)
        threading.main_thread().join()
        report("thread ended after main")
