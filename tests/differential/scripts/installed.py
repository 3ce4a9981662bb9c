# SPDX-License-Identifier: MIT
"""A service script as people install it."""

import sys

import win32serviceutil


class Service(win32serviceutil.ServiceFramework):
    _svc_name_ = "PySvcTest-written"
    _svc_display_name_ = "Contract"


if __name__ == "__main__" and sys.argv[1:] == ["class-string"]:
    print(win32serviceutil.GetServiceClassString(Service))
