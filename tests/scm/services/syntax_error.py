# SPDX-License-Identifier: MIT
class Service:
    def SvcRun(self)
        pass
