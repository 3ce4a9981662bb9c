# SPDX-License-Identifier: MIT
"""Run by a .pth file at every start of the interpreter: initialising it takes as long as the test wants."""

from contract_report import behaviour, wait_for_permit

behaviour("site")
wait_for_permit("site")
