# SPDX-License-Identifier: MIT
"""pywintypes.error. A module of its own, which imports nothing: the engine raises it even where pywintypes cannot be
imported."""


# Like pywin32's in all that can be seen, so without a docstring.
class error(Exception):
    def __init__(self, *args):
        super().__init__(*args)
        self.winerror, self.funcname, self.strerror = (args + (None, None, None))[:3]


error.__module__ = "pywintypes"
