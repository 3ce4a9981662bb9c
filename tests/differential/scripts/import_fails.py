# SPDX-License-Identifier: MIT
"""Cannot be imported."""

raise RuntimeError("import failed")
