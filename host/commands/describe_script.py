# SPDX-License-Identifier: MIT
"""Says what services a script or module defines, without running it where that can be avoided.

PythonService gives this program to the python.exe of the service on standard input:

    python -I - file PATH [CLASS]
    python -I - class DIRECTORY MODULE CLASS
    python -I - program KIND DIRECTORY TARGET HOOK

The answer is one `key=value` per line on standard output, values percent-encoded UTF-8, lists separated by commas;
the last line is `end=`. An answer without it is void. Keep this file ASCII and free of imports that a start of Python
does not need anyway, except where it imports the module in question.
"""
import ast
import os
import sys

ATTRIBUTES = {
    "_svc_name_": "name",
    "_svc_display_name_": "display_name",
    "_svc_description_": "description",
    "_svc_deps_": "dependencies",
    "_exe_name_": "exe_name",
    "_exe_args_": "exe_args",
}
FRAMEWORK = "ServiceFramework"
# pythonservice.Service has plain names; _svc_..._ in the same class win, as in the class itself.
MODERN_MODULE = "pythonservice"
MODERN_BASE = "Service"
MODERN_ATTRIBUTES = {
    "_svc_name_": "name",
    "_svc_display_name_": "display_name",
    "_svc_description_": "description",
    "_svc_deps_": "dependencies",
}
UNKNOWN = object()


class Answer:
    """Keeps the real standard output for us: what an imported module prints goes to standard error."""

    def __init__(self):
        self.channel = os.dup(1)
        os.dup2(2, 1)

    def put(self, key, *values):
        text = ",".join(self.encoded(value) for value in values)
        os.write(self.channel, ("%s=%s\n" % (key, text)).encode("ascii"))

    @staticmethod
    def encoded(value):
        plain = b"%,"
        data = value.encode("utf-8", "surrogatepass")
        return "".join(chr(b) if 32 < b < 127 and b not in plain else "%%%02X" % b for b in data)

    def fail(self, kind, message, *names):
        self.put("error", kind)
        self.put("message", message)
        if names:
            self.put("classes", *names)


def fold(node, names):
    """The value of an expression made of literals and of names known to be literals, else UNKNOWN."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return names.get(node.id, UNKNOWN)
    if isinstance(node, (ast.List, ast.Tuple)):
        values = [fold(item, names) for item in node.elts]
        return UNKNOWN if UNKNOWN in values else values
    if isinstance(node, ast.JoinedStr):
        return fold_parts(node.values, names)
    if isinstance(node, ast.FormattedValue):
        plain = node.conversion == -1 and node.format_spec is None
        value = fold(node.value, names) if plain else UNKNOWN
        return str(value) if isinstance(value, (str, int)) else UNKNOWN
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        left, right = fold(node.left, names), fold(node.right, names)
        return UNKNOWN if UNKNOWN in (left, right) else fold_operator(node.op, left, right)
    return UNKNOWN


def fold_parts(parts, names):
    values = [fold(part, names) for part in parts]
    return "".join(values) if all(isinstance(value, str) for value in values) else UNKNOWN


def fold_operator(operator, left, right):
    try:
        if isinstance(operator, ast.Mod):
            # Only text: numbers would be arithmetic, which no service name is made of.
            if not isinstance(left, str) or "*" in left:
                return UNKNOWN
            return left % (tuple(right) if isinstance(right, list) else right)
        return left + right
    except Exception:
        return UNKNOWN


def bound_names(node):
    """Names that a statement binds in its own scope, once per binding."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield node.id
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.Lambda, ast.expr_context)):
            yield from bound_names(child)


def literals(body, outer, docstring):
    """What names are after `body`: values of those bound once and by a literal, UNKNOWN for all others it binds."""
    names = dict(outer)
    if docstring is not None or "__doc__" not in names:
        names["__doc__"] = docstring
    count = {}
    for statement in body:
        for name in bound_names(statement):
            count[name] = count.get(name, 0) + 1
    for name in count:
        names[name] = UNKNOWN
    for statement in body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and value is not None:
            targets = [statement.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and count[target.id] == 1:
                names[target.id] = fold(value, names)
    return names


def last_part(node):
    """`ServiceFramework` of `win32serviceutil.ServiceFramework`."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def dotted(node):
    """`a.b.c` of such an expression, else the empty text."""
    if isinstance(node, ast.Name):
        return node.id
    owner = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return owner and owner + "." + node.attr


def modern_bases(tree):
    """What a module calls pythonservice.Service, by its imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == MODERN_MODULE and not node.level:
            yield from (alias.asname or alias.name for alias in node.names if alias.name == MODERN_BASE)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == MODERN_MODULE:
                    yield (alias.asname or alias.name) + "." + MODERN_BASE


class Module:
    """The syntax tree of one module, seen as a set of classes."""

    def __init__(self, source, path):
        tree = ast.parse(source, path)
        self.names = literals(tree.body, {"__name__": UNKNOWN, "__file__": UNKNOWN}, ast.get_docstring(tree))
        self.nodes = {node.name: node for node in self.class_nodes(tree.body)}
        self.modern = set(modern_bases(tree))
        self.patched = self.attributes_set_from_outside(tree)
        self.handled = [
            last_part(call.args[0])
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and last_part(call.func) == "HandleCommandLine" and call.args
        ]
        self.has_main = any(
            isinstance(node, ast.If) and "__name__" in {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)}
            for node in tree.body
        )

    @classmethod
    def class_nodes(cls, body):
        """Classes at module level, also below `if` and `try`."""
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield node
            elif isinstance(node, (ast.If, ast.Try, ast.With)):
                for part in ("body", "orelse", "finalbody"):
                    yield from cls.class_nodes(getattr(node, part, []))
                for handler in getattr(node, "handlers", []):
                    yield from cls.class_nodes(handler.body)

    @staticmethod
    def attributes_set_from_outside(tree):
        return {
            (last_part(node.value), node.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        }

    def line(self, name, seen=()):
        """The class and the classes of this module that it derives from, nearest first."""
        yield name
        for base in self.nodes[name].bases:
            base_name = last_part(base)
            if base_name in self.nodes and base_name not in seen and base_name != name:
                yield from self.line(base_name, (*seen, name))

    def is_framework(self, name):
        bases = [base for n in self.line(name) for base in self.nodes[n].bases]
        return any(last_part(base) == FRAMEWORK for base in bases) or self.is_modern(name)

    def is_modern(self, name):
        return any(dotted(base) in self.modern for n in self.line(name) for base in self.nodes[n].bases)

    def values(self, name):
        """attribute -> value, UNKNOWN when only importing tells; missing ones are missing."""
        found = {}
        modern = MODERN_ATTRIBUTES if self.is_modern(name) else {}
        for owner in self.line(name):
            node = self.nodes[owner]
            own = literals(node.body, self.names, ast.get_docstring(node))
            bound = {n for statement in node.body for n in bound_names(statement)}
            for attribute in ATTRIBUTES:
                for spelling in (attribute, modern.get(attribute)):
                    if attribute in found:
                        continue
                    if (owner, spelling) in self.patched:
                        found[attribute] = UNKNOWN
                    elif spelling in bound:
                        found[attribute] = own[spelling]
        if modern and not found.get("_svc_name_"):
            found["_svc_name_"] = name
        return found

    def candidates(self):
        """Names of the service classes: those the script hands to HandleCommandLine, else those with a service name
        that are no other's base, else those that derive from a class for services."""
        handled = [name for name in dict.fromkeys(self.handled) if name]
        known = [name for name in handled if name in self.nodes]
        if handled and len(known) == len(handled):
            return known
        named = [name for name in self.nodes if self.values(name).get("_svc_name_") is not None]
        if not named:
            named = [name for name in self.nodes if self.is_framework(name)]
        bases = {base for name in named for base in self.line(name) if base != name}
        return [name for name in named if name not in bases]


def module_of_file(path):
    """Folder for sys.path and module name; packages are left upwards."""
    directory, base = os.path.split(path)
    parts = [os.path.splitext(base)[0]]
    while directory and os.path.isfile(os.path.join(directory, "__init__.py")):
        parent, name = os.path.split(directory)
        if parent == directory:
            break
        parts.insert(0, name)
        directory = parent
    if len(parts) > 1 and parts[-1] == "__init__":
        parts.pop()
    return directory, ".".join(parts)


def spec_of_module(name):
    """Where a module is, found without importing its packages; None when it is nowhere."""
    from importlib.machinery import PathFinder

    path = None
    spec = None
    done = ""
    for part in name.split("."):
        done = done + "." + part if done else part
        spec = PathFinder.find_spec(done, path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec


def source_of_module(name):
    """The .py file of a module."""
    spec = spec_of_module(name)
    return spec.origin if spec and spec.origin and spec.origin.endswith((".py", ".pyw")) else None


def imported_values(module, class_name):
    import importlib

    service_class = getattr(importlib.import_module(module), class_name)
    return {attribute: getattr(service_class, attribute, None) for attribute in ATTRIBUTES}


def put_values(answer, values):
    for attribute, key in ATTRIBUTES.items():
        value = values.get(attribute)
        if value is UNKNOWN:
            answer.put("unknown", key)
        elif isinstance(value, str):
            answer.put(key, value)
        elif isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            answer.put(key, *value)
        elif value is not None:
            answer.put("unusable", key)


def complete(answer, module, class_name, values, directory):
    """Imports when that is the only way to a value. Failing to is no error yet: the caller may know the value."""
    # _exe_name_ and _exe_args_ are no reason to run anything: this EXE takes their place.
    if values is not None and not any(k.startswith("_svc_") and v is UNKNOWN for k, v in values.items()):
        return values
    if directory:
        sys.path.insert(0, directory)
    answer.put("imported", module)
    try:
        return imported_values(module, class_name)
    except BaseException as error:
        answer.put("import_error", "%s: %s" % (type(error).__name__, error))
        return values


def choose(answer, module, wanted, path):
    """The class to describe, or None after an error was put."""
    if wanted:
        return wanted
    names = module.candidates()
    if not names:
        imported = [name for name in module.handled if name and name not in module.nodes]
        if len(imported) == 1:
            return imported[0]
        answer.fail("no-class", path)
    elif len(names) > 1:
        answer.fail("several", path, *names)
    else:
        return names[0]
    return None


def describe(answer, path, directory, module_name, wanted):
    module = None
    if path:
        with open(path, "rb") as file:
            source = file.read()
        try:
            module = Module(source, path)
        except (SyntaxError, ValueError) as error:
            answer.fail("syntax", "%s: %s" % (path, error))
            return
        answer.put("main", "handle" if module.handled else "code" if module.has_main else "none")
        wanted = choose(answer, module, wanted, path)
        if not wanted:
            return
    answer.put("file", path or "")
    answer.put("directory", directory)
    answer.put("module", module_name)
    answer.put("class", wanted)
    values = module.values(wanted) if module and wanted in module.nodes else None
    values = complete(answer, module_name, wanted, values, directory)
    if values is None:
        answer.put("no_values", "1")
    else:
        put_values(answer, values)


SERVERS = {"asgi": ("uvicorn", "hypercorn"), "wsgi": ("waitress",)}


def script_problem(path):
    with open(path, "rb") as file:
        try:
            compile(file.read(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return "%s: %s" % (path, error)
    return None


def module_problem(name, directory):
    if name in sys.builtin_module_names or spec_of_module(name):
        return None
    where = "%s or " % directory if directory else ""
    return "there is no module '%s' in %son sys.path of %s" % (name, where, sys.executable)


def named_problem(target, directory):
    module, _, name = target.partition(":")
    if not module or not name:
        return "'%s' is not MODULE:NAME" % target
    return module_problem(module, directory)


def runnable_problem(name, directory):
    problem = module_problem(name, directory)
    if problem is None and spec_of_module(name).submodule_search_locations is not None:
        if spec_of_module(name + ".__main__") is None:
            return "'%s' is a package without __main__, which `python -m` cannot run" % name
    return problem


def server_problem(kind):
    servers = SERVERS.get(kind, ())
    if not servers or any(spec_of_module(server) for server in servers):
        return None
    return "%s is not installed: %s -m pip install %s" % (" or ".join(servers), sys.executable, servers[0])


def program_problem(kind, directory, target, hook):
    """Why the program cannot be run, as far as that can be known without executing it."""
    if kind == "script":
        problem = script_problem(target)
    elif kind == "module":
        problem = runnable_problem(target, directory)
    else:
        problem = named_problem(target, directory) or server_problem(kind)
    # The script itself is __main__.
    if problem is None and hook and not hook.startswith("__main__:"):
        problem = named_problem(hook, directory)
    return problem


def describe_program(answer, kind, directory, target, hook):
    if directory:
        sys.path.insert(0, directory)
    problem = program_problem(kind, directory, target, hook)
    if problem:
        answer.fail("program", problem)
        return
    module, _, name = target.partition(":")
    names = {"script": os.path.splitext(os.path.basename(target))[0], "call": name.rpartition(".")[2]}
    answer.put("directory", directory)
    answer.put("module", "pythonservice.programs." + kind)
    answer.put("class", "Program")
    answer.put("name", names.get(kind, module))


def main(arguments):
    answer = Answer()
    sys.setrecursionlimit(10000)
    if arguments[0] == "program":
        describe_program(answer, *arguments[1:5])
        answer.put("end")
        return
    if arguments[0] == "file":
        path = os.path.abspath(arguments[1])
        sys.argv = [path]
        directory, module_name = module_of_file(path)
        wanted = arguments[2] if len(arguments) > 2 else ""
    else:
        directory, module_name, wanted = arguments[1:4]
        sys.argv = [module_name]
        if directory:
            directory = os.path.abspath(directory)
            sys.path.insert(0, directory)
        path = source_of_module(module_name)
        if directory:
            sys.path.remove(directory)
    describe(answer, path, directory, module_name, wanted)
    answer.put("end")
    # An imported module may have left threads behind; the answer is complete, so they do not matter.
    os._exit(0)


main(sys.argv[1:])
