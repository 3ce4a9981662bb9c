# SPDX-License-Identifier: MIT
"""Compares the module servicemanager with its stub file: names, kinds, values, signatures, docstrings, both ways."""

import ast
import inspect


def parameters_of(node):
    """A function of the stub as a list of (name, kind, default)."""
    a = node.args
    positional = [(arg, inspect.Parameter.POSITIONAL_ONLY) for arg in a.posonlyargs]
    positional += [(arg, inspect.Parameter.POSITIONAL_OR_KEYWORD) for arg in a.args]
    defaults = [inspect.Parameter.empty] * (len(positional) - len(a.defaults))
    defaults += [ast.literal_eval(default) for default in a.defaults]
    found = [(arg.arg, kind, default) for (arg, kind), default in zip(positional, defaults)]
    if a.vararg:
        found.append((a.vararg.arg, inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.empty))
    for arg, default in zip(a.kwonlyargs, a.kw_defaults):
        value = inspect.Parameter.empty if default is None else ast.literal_eval(default)
        found.append((arg.arg, inspect.Parameter.KEYWORD_ONLY, value))
    if a.kwarg:
        found.append((a.kwarg.arg, inspect.Parameter.VAR_KEYWORD, inspect.Parameter.empty))
    return found


def merged(overloads):
    """What all overloads say together: equal names and kinds, and each default that one of them has."""
    first, *others = overloads
    for other in others:
        assert [p[:2] for p in other] == [p[:2] for p in first], "overloads with different parameters"
        first = [a if a[2] is not inspect.Parameter.empty else b for a, b in zip(first, other)]
    return first


def parse(text):
    """The stub as {name: description}, and its docstrings."""
    names, functions, docs = {}, {}, {}
    tree = ast.parse(text)
    docs[None] = ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.AnnAssign):
            names[node.target.id] = (ast.unparse(node.annotation), ast.literal_eval(node.value))
        elif isinstance(node, ast.ClassDef):
            names[node.name] = ("class", [ast.unparse(base) for base in node.bases])
            docs[node.name] = ast.get_docstring(node)
        elif isinstance(node, ast.FunctionDef):
            functions.setdefault(node.name, []).append(parameters_of(node))
            docs[node.name] = docs.get(node.name) or ast.get_docstring(node)
        elif not isinstance(node, (ast.ImportFrom, ast.Expr)):
            names[ast.unparse(node)] = ("unknown statement", None)
    names.update((name, ("function", merged(overloads))) for name, overloads in functions.items())
    return names, docs


def describe(module):
    """The module in the same form."""
    names = {}
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        if isinstance(value, type):
            names[name] = ("class", [base.__name__ for base in value.__bases__])
        elif callable(value):
            # From the first line of the docstring: __text_signature__.
            parameters = inspect.signature(value).parameters.values()
            names[name] = ("function", [(p.name, p.kind, p.default) for p in parameters])
        else:
            names[name] = ("Final", value)
    return names


def differences(module, text):
    stub, docs = parse(text)
    real = describe(module)
    # By repr: False is no 0 here, and 4.0 no 4.
    found = [f"{name}: stub {stub.get(name)}, module {real.get(name)}" for name in sorted({*stub, *real})
             if repr(stub.get(name)) != repr(real.get(name))]
    for name, doc in docs.items():
        value = module if name is None else getattr(module, name, None)
        if doc is not None and doc != inspect.getdoc(value):
            found.append(f"{name}: another docstring")
    return found


# Changes of the stub, each of which the comparison must notice.
CHANGES = [
    ("COINIT_DISABLE_OLE1DDE: Final = 4\n", ""),
    ("COINIT_DISABLE_OLE1DDE: Final = 4\n", "COINIT_DISABLE_OLE1DDE: Final = 5\n"),
    ("COINIT_DISABLE_OLE1DDE: Final = 4\n", "COINIT_DISABLE_OLE1DDE: Final = 4.0\n"),
    ("COINIT_DISABLE_OLE1DDE: Final = 4\n", "COINIT_DISABLE_OLE1DDE: Final = 4\nMORE: Final = 4\n"),
    ("class startup_error(Exception)", "class startup_error(OSError)"),
    ("class startup_error(Exception)", "class other_error(Exception)"),
    ("def Finalize() -> None: ...\n", ""),
    ("def Finalize() -> None: ...\n", "def Finalize() -> None: ...\ndef Other() -> None: ...\n"),
    ("def Finalize() -> None: ...\n", 'def Finalize() -> None:\n    """Another text."""\n'),
    ("msg: str, /", "text: str, /"),
    ("msg: str, /", "msg: str"),
    ("msg: str, /", "*, msg: str"),
    ("msg: str, /", "msg: str, more: str, /"),
    ("newVal: int = -1", "newVal: int = 0"),
    ("newVal: int = -1", "newVal: int"),
    ("registerNow: bool = False", "registerNow: bool = 0"),
    ("*ignored: object", "*args: object"),
    ("*ignored: object", "**ignored: object"),
]


def unnoticed(module, text):
    assert all(old in text for old, _ in CHANGES), [old for old, _ in CHANGES if old not in text]
    return [change for change in CHANGES if not differences(module, text.replace(*change, 1))]
