# SPDX-License-Identifier: MIT
"""Does something every minute, or as often as its argument says: PythonService debug cleaner.py 5"""
from __future__ import annotations

from pythonservice import Service, main


class Cleaner(Service):
    name = "Cleaner"
    description = "Cleans up every minute."

    def run(self) -> None:
        period = float(self.args[1]) if len(self.args) > 1 else 60.0
        while not self.stopping.wait(period):
            print("cleaning up", flush=True)


if __name__ == "__main__":
    main(Cleaner)  # python cleaner.py install --start
