# SPDX-License-Identifier: MIT
"""What people freeze: started without arguments it is the service, with arguments it manages itself.

Everything it tells the test lies beside the program: nobody can hand a frozen service an environment.
"""

import os
import sys

os.environ["PYSVC_TEST_REPORT"] = os.path.join(os.path.dirname(sys.executable), "report")

import servicemanager
import win32serviceutil

import framework
from reporting import report


class Frozen(framework.Other):
    _svc_name_ = "PySvcTest frozen"
    _svc_display_name_ = "A frozen test service"

    def main(self):
        report("frozen", sys.frozen)
        report("module", servicemanager.__spec__.origin)
        report("messages", os.path.exists(servicemanager.__file__))
        super().main()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        servicemanager.Initialize()
        servicemanager.PrepareToHostSingle(Frozen)
        servicemanager.StartServiceCtrlDispatcher()
    else:
        win32serviceutil.HandleCommandLine(Frozen)
