# SPDX-License-Identifier: MIT
"""Services with child processes that are alive when the service is told to stop."""

import multiprocessing
import os
import threading

import win32service

from framework import Service
from reporting import report


def nothing(_=None):
    pass


def announce(queue):
    queue.put(os.getpid())
    threading.Event().wait()


class Children(Service):
    def main(self):
        self.keep = self.start_children()
        super().main()


class BusyPool(Children):
    """Two workers in the middle of a task that never ends."""

    def start_children(self):
        manager = multiprocessing.Manager()
        queue = manager.Queue()
        pool = multiprocessing.Pool(2)
        pool.map_async(announce, [queue, queue], chunksize=1)
        report("children", [manager._process.pid, queue.get(), queue.get()])
        return pool, manager


class DaemonProcess(Children):
    def start_children(self):
        queue = multiprocessing.Queue()
        process = multiprocessing.Process(target=announce, args=(queue,), daemon=True)
        process.start()
        report("children", [queue.get()])
        return process, queue


class Outliving(Children):
    """A program that inherits all handles that can be, and goes on when the service has ended."""

    def start_children(self):
        import subprocess
        import sys

        child = subprocess.Popen([sys.executable, __file__], close_fds=False)
        report("children", [child.pid])
        return child


class IdleExecutor(Children):
    def start_children(self):
        from concurrent.futures import ProcessPoolExecutor

        executor = ProcessPoolExecutor(2)
        list(executor.map(nothing, range(10)))
        report("children", list(executor._processes))
        return executor


class IdleLoky(Children):
    """joblib keeps its workers for the next call."""

    def start_children(self):
        from joblib import Parallel, delayed

        # Those that had a task: one worker, or both.
        report("children", sorted(set(Parallel(n_jobs=2)(delayed(os.getpid)() for _ in range(10)))))


class IdlePoolOfAHang(Children):
    """Does not return after STOPPED, so that the process is ended: nobody tells the workers."""

    def start_children(self):
        pool = multiprocessing.Pool(2)
        pool.map(nothing, range(10), chunksize=1)
        report("children", [child.pid for child in multiprocessing.active_children()])
        return pool

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOPPED)


if __name__ == "__main__":
    from reporting import wait_for_permit

    wait_for_permit("end")
