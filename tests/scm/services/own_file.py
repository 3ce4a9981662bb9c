# SPDX-License-Identifier: MIT
"""No service: a script under python.exe that names the module's own file as the one with its messages."""

import os
import sys

sys.path.insert(0, sys.argv[1])  # the folder of our servicemanager; pywin32's is behind it

import servicemanager

servicemanager.Initialize(sys.argv[2], os.path.abspath(servicemanager.__file__))
servicemanager.LogInfoMsg("hello")
print(servicemanager.__file__)
