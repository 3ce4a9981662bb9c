# SPDX-License-Identifier: MIT
"""Never ends its import."""

import time

from reporting import report

report("importing")
while True:
    time.sleep(0.5)
