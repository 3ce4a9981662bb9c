# SPDX-License-Identifier: MIT
raise RuntimeError("import: Gr\u00fc\u00dfe \u670d\u52a1")
