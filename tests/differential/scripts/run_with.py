# SPDX-License-Identifier: MIT
"""run_with.py FOLDER SCRIPT ARG...: runs the script with FOLDER's servicemanager; `-` for the installed one."""

import os
import runpy
import sys

folder, script = sys.argv[1:3]
if folder != "-":
    sys.path.insert(0, folder)
sys.path.insert(0, os.path.dirname(script))
sys.argv = sys.argv[2:]
runpy.run_path(script, run_name="__main__")
