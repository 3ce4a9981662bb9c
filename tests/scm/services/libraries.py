# SPDX-License-Identifier: MIT
"""What people use in services: each check passes in python.exe, and must pass in a service.

PYSVC_TEST_CHECKS names those to run; each is reported as "ok" or with its traceback. A child process that
multiprocessing starts imports this module by its name, so that nothing here may depend on the host.
"""

import os
import subprocess
import sys
import traceback

from reporting import report

CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


def expect(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r}, expected {expected!r}")


def prepare_consoles_of_children():
    """A child without redirected streams gets NUL from a service on Windows; Wine 8 gives it a console instead, which
    does not work when its parent has not loaded user32: the child hangs or fails at its first print."""
    if sys.platform == "win32":
        import ctypes

        ctypes.WinDLL("user32")


class Libraries:
    """Runs the checks, and has ended then."""

    def __init__(self, args):
        pass

    def run(self):
        prepare_consoles_of_children()
        for name in os.environ["PYSVC_TEST_CHECKS"].split():
            try:
                CHECKS[name]()
                outcome = "ok"
            except BaseException:
                outcome = traceback.format_exc()
            report(name, outcome)
        report("done")


# ---- the interpreter ---------------------------------------------------------------------------------------------------


@check
def paths_as_in_python_exe():
    """All that python.exe derives from where it lies; before its sys.path, the folder of the script."""
    attributes = "executable _base_executable prefix base_prefix exec_prefix base_exec_prefix".split()
    program = f"import sys; print(ascii([[getattr(sys, name) for name in {attributes}], sys.path]))"
    theirs = eval(subprocess.check_output([sys.executable, "-I", "-c", program], timeout=50))
    script_folder = os.path.dirname(os.path.abspath(__file__))
    expect([[getattr(sys, name) for name in attributes], sys.path], [theirs[0], [script_folder, *theirs[1]]])


# ---- processes --------------------------------------------------------------------------------------------------------


def describe_process(*_):
    return {
        "executable": sys.executable,
        "base executable": sys._base_executable,
        "prefix": sys.prefix,
        "isolated": sys.flags.isolated,
        "utf8": sys.flags.utf8_mode,
    }


def square(number):
    return number * number


def put_description(queue):
    queue.put(describe_process())


@check
def process_and_queue():
    import multiprocessing

    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=put_description, args=(queue,))
    process.start()
    child = queue.get(timeout=50)
    process.join()
    expect(process.exitcode, 0)
    # A child is what a child of python.exe is: the environment's Python, with the parent's flags, not the host.
    expect(child, describe_process())


@check
def pool():
    import multiprocessing

    with multiprocessing.Pool(2) as pool:
        expect(pool.map(square, range(20)), [number * number for number in range(20)])


@check
def manager():
    import multiprocessing

    with multiprocessing.Manager() as manager:
        shared = manager.dict(answer=42)
        expect(dict(shared), {"answer": 42})


@check
def shared_memory():
    from multiprocessing.shared_memory import SharedMemory

    memory = SharedMemory(create=True, size=16)
    try:
        memory.buf[:3] = b"abc"
        other = SharedMemory(name=memory.name)
        expect(bytes(other.buf[:3]), b"abc")
        other.close()
    finally:
        memory.close()
        memory.unlink()


@check
def process_pool_executor():
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(2) as executor:
        expect(list(executor.map(square, range(10))), [number * number for number in range(10)])


@check
def thread_pool_executor():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as executor:
        expect(sum(executor.map(square, range(100))), sum(number * number for number in range(100)))


@check
def joblib_loky():
    from joblib import Parallel, delayed

    results = Parallel(n_jobs=2, backend="loky")(delayed(square)(number) for number in range(10))
    expect(results, [number * number for number in range(10)])


@check
def subprocess_with_pipes():
    program = "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('err'); sys.exit(7)"
    done = subprocess.run([sys.executable, "-c", program], input=b"text", capture_output=True, timeout=50)
    expect((done.returncode, done.stdout, done.stderr), (7, b"TEXT", b"err"))


@check
def subprocess_with_inherited_streams():
    done = subprocess.run([sys.executable, "-c", "print('printed by a child', flush=True)"], timeout=50)
    expect(done.returncode, 0)


@check
def subprocess_with_null_device():
    null = subprocess.DEVNULL
    done = subprocess.run([sys.executable, "-c", "print(input())"], stdin=null, stdout=null, stderr=null, timeout=50)
    # End of file at once.
    expect(done.returncode, 1)


@check
def subprocess_into_the_log():
    done = subprocess.run([sys.executable, "-c", "pass"], stdout=sys.stdout, stderr=subprocess.STDOUT, timeout=50)
    expect(done.returncode, 0)


@check
def subprocess_of_the_shell():
    expect(subprocess.check_output("echo from the shell", shell=True, timeout=50).split(), [b"from", b"the", b"shell"])


# ---- asyncio ----------------------------------------------------------------------------------------------------------


@check
def asyncio_tcp():
    import asyncio

    async def echo(reader, writer):
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    async def main():
        if sys.platform == "win32":
            expect(type(asyncio.get_running_loop()).__name__, "ProactorEventLoop")
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"over TCP\n")
            expect(await reader.readline(), b"over TCP\n")
            writer.close()

    asyncio.run(main())


@check
def asyncio_subprocess():
    import asyncio

    async def main():
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "print(input()[::-1])", stdin=pipe, stdout=pipe
        )
        output, _ = await child.communicate(b"abc\n")
        expect((child.returncode, output.strip()), (0, b"cba"))

    asyncio.run(main())


@check
def asyncio_to_thread():
    import asyncio

    async def main():
        expect(await asyncio.to_thread(square, 7), 49)

    asyncio.run(main())


# ---- threads and signals ----------------------------------------------------------------------------------------------


@check
def main_thread():
    import threading

    expect(threading.current_thread(), threading.main_thread())
    expect(threading.main_thread().native_id, threading.get_native_id())


@check
def signals():
    import signal

    seen = []
    number = signal.SIGBREAK if sys.platform == "win32" else signal.SIGUSR1
    previous = signal.signal(number, lambda number, frame: seen.append(number))
    try:
        signal.raise_signal(number)
        expect(seen, [number])
    finally:
        signal.signal(number, previous)


@check
def thread_recursion():
    # 1,000 frames, as in python.exe: the stack is as large as the interpreter believes.
    def depth(n):
        try:
            return depth(n + 1)
        except RecursionError:
            return n

    if depth(0) < 900:
        raise AssertionError(f"RecursionError at depth {depth(0)}")


# ---- extension modules ------------------------------------------------------------------------------------------------


@check
def ctypes_callback():
    import ctypes

    if sys.platform != "win32":
        return
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
    values = (ctypes.c_int * 5)(5, 1, 4, 2, 3)
    ctypes.cdll.msvcrt.qsort(values, 5, ctypes.sizeof(ctypes.c_int), compare(lambda a, b: a[0] - b[0]))
    expect(list(values), [1, 2, 3, 4, 5])
    expect(ctypes.windll.kernel32.GetCurrentProcessId(), os.getpid())


@check
def ssl_context():
    import ssl

    context = ssl.create_default_context()
    expect(context.verify_mode, ssl.CERT_REQUIRED)


@check
def sqlite():
    import sqlite3

    with sqlite3.connect(":memory:") as database:
        database.execute("create table numbers (n)")
        database.executemany("insert into numbers values (?)", [(n,) for n in range(10)])
        expect(database.execute("select sum(n) from numbers").fetchone(), (45,))
    database.close()


@check
def compression_and_hashes():
    import bz2
    import hashlib
    import lzma
    import zlib

    for module in (bz2, lzma, zlib):
        expect(module.decompress(module.compress(b"text" * 100)), b"text" * 100)
    expect(hashlib.sha256(b"").hexdigest()[:8], "e3b0c442")


@check
def numpy_linalg():
    import numpy

    matrix = numpy.array([[2.0, 1.0], [1.0, 3.0]])
    expect(numpy.allclose(numpy.linalg.inv(matrix) @ matrix, numpy.eye(2)), True)


@check
def stable_abi_wheel():
    import psutil

    expect(psutil.Process().pid, os.getpid())
    # abi3: its extension module was linked with python3.dll.
    expect(psutil._psplatform.cext.__file__.endswith((".abi3.so", "_windows.pyd")), True)


@check
def namespace_package():
    import zope.event

    seen = []
    zope.event.subscribers.append(seen.append)
    zope.event.notify("happened")
    expect(seen, ["happened"])


@check
def package_metadata():
    from importlib.metadata import version

    expect(version("joblib"), __import__("joblib").__version__)


# ---- text -------------------------------------------------------------------------------------------------------------


@check
def text_as_in_python_exe():
    """What python.exe says of its encodings, we say too."""
    import locale

    program = "import locale, sys; print(sys.getfilesystemencoding(), locale.getpreferredencoding(False), sys.flags.utf8_mode)"
    theirs = subprocess.check_output([sys.executable, "-I", "-c", program], text=True, timeout=50).split()
    expect([sys.getfilesystemencoding(), locale.getpreferredencoding(False), str(sys.flags.utf8_mode)], theirs)


@check
def rare_encodings():
    expect("Grüße".encode("utf-16-le").decode("utf-16-le"), "Grüße")
    expect("Gr\u00fc\u00dfe".encode("cp850").decode("cp850"), "Gr\u00fc\u00dfe")
    expect("服务".encode("gb18030").decode("gb18030"), "服务")


@check
def utf8_mode():
    """With Utf8Mode; python.exe hands -X utf8 to its children, so do we."""
    expect(sys.flags.utf8_mode, 1)
    expect(open(os.devnull).encoding.lower().replace("_", "-"), "utf-8")
    process_and_queue()
