"""Rules between a function and its code, which is read through a port: nothing here opens a file.

Python handlers are looked up in the syntax tree of their module, those for Node.js among the exports that its text
shows; for Ruby only the file is looked for, and for languages that are compiled only the folder.
"""

from __future__ import annotations

import posixpath
import re
import sys
import warnings
from typing import Protocol

from attrs import frozen

from sigma_ls.manifest import codes
from sigma_ls.manifest.code_use import CodeUse, FileUse
from sigma_ls.manifest.diagnostic import Code, Diagnostic, Fix, TextEdit, diagnostic
from sigma_ls.manifest.nearest import nearest
from sigma_ls.manifest.rules.node_exports import System, exported_names
from sigma_ls.syntax.span import Range

LONGEST_SOURCE = 1_000_000
"""Characters of a module that is looked into; a guess: Python takes about a second for it."""

_NODE_SUFFIXES = (".js", ".mjs", ".cjs")
_DRIVE = re.compile(r"[A-Za-z]:")


class Files(Protocol):
    """The project's files, by paths relative to the manifest's folder with `/` between their parts."""

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""

    def read(self, path: str) -> str | None:
        """The text of a file; nothing where there is none, or none that can be read as UTF-8."""

    def refused(self, path: str) -> str:
        """Why the system does not let a file be read, in its own words; empty where it does."""


@frozen
class Fault:
    """An answer: what is wrong, and whether with the code or with the handler."""

    code: Code
    message: str
    of_handler: bool = False
    nearest: str = ""
    """What is likely meant in the place of all of the value."""


def is_outside(path: str) -> bool:
    """Whether a path leads out of the folder that it is relative to."""
    plain = path.replace("\\", "/")
    if plain.startswith(("/", "~")) or _DRIVE.match(plain):
        return True
    normal = posixpath.normpath(plain)
    return normal == ".." or normal.startswith("../")


def diagnostics_of(use: CodeUse | FileUse, fault: Fault | None) -> list[Diagnostic]:
    """The fault at its place."""
    if fault is None:
        return []
    if isinstance(use, FileUse):
        place = Range.of(*use.spot)
    else:
        place = Range.of(*(use.handler_spot if fault.of_handler else use.code_spot))
    fix = Fix(f"Change to '{fault.nearest}'", (TextEdit(place, fault.nearest),)) if fault.nearest else None
    return [diagnostic(fault.code, place, fault.message, fix=fix)]


def find_fault(use: CodeUse | FileUse, files: Files) -> Fault | None:
    """What is wrong with the code of a function, or with a file that is named, if anything is."""
    if isinstance(use, FileUse):
        return _file_fault(use, files)
    folder = posixpath.normpath(use.code.replace("\\", "/"))
    if not files.exists(folder):
        way_out = "build the archive" if folder.endswith(".zip") else "create the folder"
        message = f"There is no '{use.code}' beside the manifest: {way_out}, or correct the path."
        return Fault(codes.CODE_MISSING, message)
    if folder.endswith(".zip"):
        return None
    if posixpath.splitext(folder)[1] and files.read(folder) is not None:
        around = posixpath.dirname(folder) or "."
        message = f"'{use.code}' is a file: 'code' names the folder that it is in, here '{around}', or a .zip."
        return Fault(codes.CODE_FILE, message, nearest=around)
    if not use.handler:
        return None
    if use.runtime.startswith("python"):
        return _python_fault(use, folder, files)
    if use.runtime.startswith("nodejs"):
        return _node_fault(use, folder, files) if use.platform != "gcp" else _entry_point_fault(use, folder, files)
    if use.runtime.startswith("ruby") and use.platform != "gcp":
        module = use.handler.partition(".")[0]
        return (
            None
            if files.exists(posixpath.join(folder, f"{module}.rb"))
            else _no_file(use, folder, f"{module}.rb", files)
        )
    return None


def _file_fault(use: FileUse, files: Files) -> Fault | None:
    if is_outside(use.path):
        message = f"'{use.path}' leads out of the project: '{use.key}' is a path below the manifest's folder."
        return Fault(codes.FILE_MISSING, message)
    if files.exists(posixpath.normpath(use.path.replace("\\", "/"))):
        return None
    message = f"There is no file '{use.path}' beside the manifest: create it, or correct the path in '{use.key}'."
    return Fault(codes.FILE_MISSING, message)


def _node_fault(use: CodeUse, folder: str, files: Files) -> Fault | None:
    module = use.module
    if module.startswith(_FROM_ELSEWHERE):
        return None
    for path in (posixpath.join(folder, f"{module}{end}") for end in (*_NODE_SUFFIXES, "/index.js")):
        if not files.exists(path):
            continue
        source = files.read(path)
        if source is None:
            return _refused(path, files)
        if len(source) > LONGEST_SOURCE:
            return None
        return _export_fault(use, path, source, _system_of(path, folder, files))
    return _no_file(use, folder, f"{module}.js", files)


def _refused(path: str, files: Files) -> Fault | None:
    """What is there and has no text: nothing is wrong with it where the system lets it be read, in another encoding."""
    why = files.refused(path)
    if not why:
        return None
    message = (
        f"The handler's file '{path}' cannot be read: {why}. Without it the function cannot be built: make it readable."
    )
    return Fault(codes.HANDLER_UNREADABLE, message, of_handler=True)


def _export_fault(use: CodeUse, path: str, source: str, system: System | None) -> Fault | None:
    name = use.name.partition(".")[0]  # `app.api.handler` is `handler` of what the module exports as `api`.
    names = exported_names(source, system)
    if names is None or name in names:
        return None
    near = nearest(name, tuple(sorted(names)))
    if near is not None:
        hint = f"did you mean '{near}'?"
    elif name in (exported_names(source) or ()):
        hint = _OTHER_SYSTEM[system or "module"].format(name=name)
    else:
        common, own = f"'exports.{name} = …'", f"'export const {name} = …'"
        hint = f"write {common if system == 'commonjs' else own if system == 'module' else f'{common} or {own}'}."
    right = f"{use.module}.{near}{use.name[len(name) :]}" if near is not None else ""
    message = f"'{path}' does not export '{name}': {hint}"
    return Fault(codes.HANDLER_SYMBOL, message, of_handler=True, nearest=right)


_FROM_ELSEWHERE = ("/", "node_modules/")
"""Modules that are no part of the code: what a layer brings under `/opt`, and what is installed with the build."""
_OTHER_SYSTEM = {
    "module": "it is an ES module, in which 'exports' has no part; write 'export const {name} = …'.",
    "commonjs": "it is a CommonJS module, which 'export' cannot stand in; write 'exports.{name} = …'.",
}
_TYPE = re.compile(r'"type"\s*:\s*"(module|commonjs)"')


def _system_of(path: str, folder: str, files: Files) -> System | None:
    """Which kind of module a file is, where its name or the nearest `package.json` says so.

    Node.js documentation, *Determining module system*.
    """
    if not path.endswith(".js"):
        return "module" if path.endswith(".mjs") else "commonjs"
    around = posixpath.dirname(path)
    while True:
        package = files.read(posixpath.normpath(posixpath.join(around, "package.json")))
        if package is not None:
            said = _TYPE.search(package)
            # Without a type newer versions look at the text.
            return None if said is None else "module" if said[1] == "module" else "commonjs"
        if around in (folder, "", "."):
            return None
        around = posixpath.dirname(around)


_ENTRY_FILES = ("index.js", "function.js")
"""Functions Framework for Node.js, *Configure the Functions Framework*; `main` of package.json comes first."""


def _entry_point_fault(use: CodeUse, folder: str, files: Files) -> Fault | None:
    """Cloud Run functions: the entry point is exported, or registered by its name, by the package's main module."""
    package = files.read(posixpath.join(folder, "package.json"))
    if package is not None and '"main"' in package:
        return None  # Which module that is, a bundler may know only after the build.
    path = next((each for name in _ENTRY_FILES if files.exists(each := posixpath.join(folder, name))), None)
    if path is None:
        return _no_file(use, folder, _ENTRY_FILES[0], files)
    source = files.read(path)
    if source is None or len(source) > LONGEST_SOURCE:
        return None
    names = exported_names(source)
    if names is None or use.handler in names or re.search(rf"""["'`]{re.escape(use.handler)}["'`]""", source):
        return None
    near = nearest(use.handler, tuple(sorted(names)))
    hint = f"did you mean '{near}'?" if near is not None else f"write 'exports.{use.handler} = …'."
    message = f"'{path}' neither exports nor registers '{use.handler}': {hint}"
    return Fault(codes.HANDLER_SYMBOL, message, of_handler=True, nearest=near or "")


_SOURCES = ((".js", (".ts", ".mts", ".cts", ".tsx")),)
"""What modules of a suffix may be compiled from."""


def _no_file(use: CodeUse, folder: str, name: str, files: Files) -> Fault:
    wanted = posixpath.join(folder, name)
    message = f"The handler '{use.handler}' is looked for in '{wanted}', which does not exist"
    stem, suffix = posixpath.splitext(wanted)
    for compiled, sources in _SOURCES:
        source = next((stem + each for each in sources if suffix == compiled and files.exists(stem + each)), None)
        if source is not None:
            message = f"{message}, but '{source}' does: 'code' names the folder that it is compiled to."
            return Fault(codes.HANDLER_FILE, message, of_handler=True)
    # `src/app.handler` in the code `src`.
    inside = use.handler[len(folder) + 1 :]
    if re.match(rf"{re.escape(folder)}[./]", use.handler) and files.exists(wanted.replace(f"{folder}/", "", 1)):
        message = f"{message}: within '{use.code}' it is '{inside}'."
        return Fault(codes.HANDLER_FILE, message, of_handler=True, nearest=inside)
    return Fault(codes.HANDLER_FILE, f"{message}.", of_handler=True)


def _python_fault(use: CodeUse, folder: str, files: Files) -> Fault | None:
    if use.platform == "gcp":
        # Cloud Run functions: the entry point is a function of main.py.
        module, name = "main", use.handler
    else:
        module, _, name = use.handler.rpartition(".")
    stem = posixpath.join(folder, *module.replace(".", "/").split("/"))
    # A package goes before a module of its name.
    for path in (f"{stem}/__init__.py", f"{stem}.py"):
        if files.exists(path):
            source = files.read(path)
            return _refused(path, files) if source is None else _symbol_fault(use, path, source, name)
    parts = module.replace(".", "/").split("/")
    if len(parts) > 1 and _is_installed(parts[0], use, folder, files):
        return None
    return _no_file(use, folder, f"{'/'.join(parts)}.py", files)


_DEPENDENCIES = ("requirements.txt", "pyproject.toml", "poetry.lock", "uv.lock", "Pipfile")


def _is_installed(package: str, use: CodeUse, folder: str, files: Files) -> bool:
    """Whether a package that is not in the code may be one that a layer brings, or that is installed with the build."""
    if files.exists(posixpath.join(folder, package)):
        return False
    own = re.match(rf"{re.escape(folder)}[./]", use.handler) is not None
    return not own and (use.layered or any(files.exists(posixpath.join(folder, name)) for name in _DEPENDENCIES))


def _symbol_fault(use: CodeUse, path: str, source: str, name: str) -> Fault | None:
    if len(source) > LONGEST_SOURCE:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = _names(source)
    except (SyntaxError, ValueError) as error:
        if _is_newer(use.runtime) and (_is_unheard_of(use.runtime) or _may_be_newer(source, error)):
            return None
        line = getattr(error, "lineno", None)
        where = f"{path}, line {line}" if line else path
        message = f"{where}: {getattr(error, 'msg', None) or error}; the function would fail when it is called."
        return Fault(codes.HANDLER_UNREADABLE, message, of_handler=True)
    except (RecursionError, MemoryError):
        # Python itself gives up on such a module here; it says nothing about the function.
        return None
    if names is None or name in names or _DYNAMIC.search(source):
        return None
    near = nearest(name, tuple(sorted(names)))
    hint = f"did you mean '{near}'?" if near is not None else f"define 'def {name}(event, context)' there."
    message = f"'{path}' does not define '{name}': {hint}"
    right = use.handler.removesuffix(name) + near if near is not None else ""
    return Fault(codes.HANDLER_SYMBOL, message, of_handler=True, nearest=right)


def _version(runtime: str) -> tuple[int, int] | None:
    found = re.match(r"python(\d)\.?(\d+)", runtime)
    return (int(found[1]), int(found[2])) if found is not None else None


def _is_newer(runtime: str) -> bool:
    """Whether the runtime's Python may know syntax that ours does not."""
    version = _version(runtime)
    return version is None or version > sys.version_info[:2]


NEWEST = 3, 14
"""The newest Python whose syntax `_may_be_newer` knows."""


def _is_unheard_of(runtime: str) -> bool:
    version = _version(runtime)
    return version is None or version > NEWEST


_NEWER = re.compile(r"^\s*(?:type\s+\w|(?:async\s+)?def\s+\w+\s*\[|class\s+\w+\s*\[|except\b[^:(]*,)", re.MULTILINE)
_FORMATTED = re.compile(r"\b(?:[rR]?[fFtT]|[fFtT][rR])[\"']")
"""Syntax since Python 3.12: type parameters and aliases, `except` without parentheses, formatted strings."""


def _may_be_newer(source: str, error: Exception) -> bool:
    """Whether what this Python cannot read may be right in a newer one; it is not where none of the new syntax is near."""
    line = getattr(error, "lineno", None) or 0
    lines = source.splitlines()
    near = "\n".join(lines[max(line - 2, 0) : line])
    return _NEWER.search(source) is not None or _FORMATTED.search(near) is not None or "f-string" in str(error)


_DYNAMIC = re.compile(
    r"\b(?:globals|vars|exec)\s*\(|\bsys\s*\.\s*modules\b|\bdef\s+__getattr__\b|^\s+global\s", re.MULTILINE
)
"""What gives a module names that its own text does not show."""


def _names(source: str) -> set[str] | None:
    """The names that a module defines at its top; nothing where it imports ones that cannot be told."""
    import ast  # noqa: PLC0415 only functions' code needs it

    names: set[str] = set()
    pending = [*ast.iter_child_nodes(ast.parse(source.removeprefix("\ufeff")))]
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                for alias in aliases:
                    if alias.name == "*":
                        return None
                    names.add(alias.asname or alias.name.partition(".")[0])
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.add(name)
                pending.extend(ast.iter_child_nodes(node))
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                pass
            case _:
                pending.extend(ast.iter_child_nodes(node))
    return names
