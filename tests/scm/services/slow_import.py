# SPDX-License-Identifier: MIT
"""Takes longer to import than any service control manager waits."""

import time

from framework import Service as SlowImport

time.sleep(63)  # the line that the stacks of the warning name
