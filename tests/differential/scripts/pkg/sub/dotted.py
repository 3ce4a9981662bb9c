# SPDX-License-Identifier: MIT
"""A class in a package."""

import sys

from contract_report import behaviour
from plain import Plain


class Service(Plain):
    def started(self):
        behaviour("class-string/dotted module", __name__)
        behaviour("class-string/sys.path[0] for a dotted module", sys.path[0])
        behaviour("done")
