# SPDX-License-Identifier: MIT
"""A program that has no service class: a script with a mode as its argument, functions, and web applications."""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
import time

if __name__ != "__mp_main__":
    # A child of multiprocessing imports this file again, and has nothing to tell.
    from reporting import report, wait_for_permit

LONG = 30


def watch_the_stop():
    """Says how long after the order to stop the main thread was awake."""
    from pythonservice import programs

    times = []

    def watch():
        programs.current().stopping.wait()
        times.append(time.perf_counter())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()

    def awake():
        now = time.perf_counter()
        watcher.join()
        return round((now - times[0]) * 1000, 2)

    return awake


def sleep():
    awake = watch_the_stop()
    began = time.monotonic()
    report("runs")
    try:
        while True:
            time.sleep(LONG)
    finally:
        report("awake after ms", awake())
        report("whole sleep", time.monotonic() - began >= LONG)


def facts():
    report("argv", sys.argv)
    report("main", (__name__, sys.modules["__main__"].__file__ == __file__, os.path.basename(__file__)))
    report("path", os.path.normcase(sys.path[0]) == os.path.normcase(os.path.dirname(os.path.abspath(__file__))))


def square(number):
    return number * number


def pool():
    with multiprocessing.Pool(2) as workers:
        report("squares", workers.map(square, range(4)))


def handler(name, then=None):
    number = getattr(signal, name)

    def on_signal(signum, frame):
        report("signal", (signal.Signals(signum).name, threading.current_thread() is threading.main_thread()))
        if then is not None:
            then()

    signal.signal(number, on_signal)


def handled(name):
    stop = []
    handler(name, lambda: stop.append(True))
    report("runs")
    while not stop:
        # Not longer: after a handler that returns time.sleep goes on (PEP 475).
        time.sleep(0.01)
    report("left")


def handled_in_a_wait():
    stop = threading.Event()
    handler("SIGTERM", stop.set)
    report("runs")
    stop.wait()
    report("left")


def exits_in_its_handler():
    handler("SIGTERM", lambda: sys.exit(5))
    report("runs")
    time.sleep(LONG)


def raises_its_own_signal():
    handler("SIGTERM")
    signal.raise_signal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # In python.exe this is the end of the process.
    signal.raise_signal(signal.SIGTERM)
    report("left")


def looks_at_the_event():
    from pythonservice import programs

    report("runs")
    programs.current().stopping.wait()
    report("left")


def leaves_a_thread():
    def work():
        wait_for_permit("end")
        report("thread", __name__)

    threading.Thread(target=work).start()
    report("runs")


def fails():
    raise ValueError("from the program")


def seven():
    return 7


async def coroutine():
    report("runs")
    try:
        await asyncio.sleep(LONG)
    except asyncio.CancelledError:
        await asyncio.sleep(0.01)
        report("cleaned up")
        raise


def on_control(event):
    report("event", repr(event))


async def application(scope, receive, send):
    """ASGI: says what it sees of its server, and answers when the test permits."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        report("lifespan ended")
        await send({"type": "lifespan.shutdown.complete"})
        return
    report("request")
    await asyncio.get_running_loop().run_in_executor(None, wait_for_permit, "answer")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def wsgi_application(environ, start_response):
    report("request")
    wait_for_permit("answer")
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
