# SPDX-License-Identifier: MIT
"""Runs a web application with `PythonService debug` and stops it while it works on a request.

    python serve.py PORT PROGRAM ARGUMENT...

Prints what the client saw; exits with the code of the program.
"""

import os
import signal
import socket
import subprocess
import sys

port, *command = sys.argv[1:]
host = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
states = iter(host.stderr.readline, "")
log = []


def wait_for(text):
    for line in states:
        log.append(line)
        if text in line:
            return
    host.wait()
    sys.exit(f"no {text!r}: exit code {host.returncode}\n{''.join(log)}")


wait_for(": RUNNING")
# At once: who reports RUNNING listens.
with socket.create_connection(("127.0.0.1", int(port))) as client:
    client.sendall(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    wait_for("the application has the request")
    os.kill(host.pid, signal.SIGINT)
    wait_for(": STOP_PENDING")
    try:
        socket.create_connection(("127.0.0.1", int(port))).close()
    except ConnectionError:
        pass  # refused: it has closed its door already; reset: just now
    # The application answers when it sees this file.
    open("answer", "x").close()
    answer = b"".join(iter(lambda: client.recv(4096), b""))
lines = [f"answer: {answer.split(b' ')[1].decode()} {len(answer.partition(bytes([13, 10, 13, 10]))[2])}"]
wait_for(": STOPPED")
seen = [line.split(": ")[1].strip() for line in log if line.startswith("web: ") and "Ctrl" not in line]
lines.append(f"states: {' '.join(seen)}")
# In one piece: the application prints into the same pipe.
sys.stdout.write("".join(line + "\n" for line in lines))
sys.exit(host.wait())
