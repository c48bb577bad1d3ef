"""Writes down what of the pinned emulator the sandbox is built on: the names that it takes from there, and what they are.

The emulator releases often, and most of these names are its private ones.  Run it after the lock has changed, and read
each line of the difference: what is said there to be another function now is called, wrapped or replaced by
`sigma_ls/sandbox/overlay`.  `tests/sandbox/test_contract.py` fails while it was not run.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sigma_ls.sandbox import environment  # noqa: E402 - the path comes first

OVERLAY = ROOT / "sigma_ls" / "sandbox" / "overlay"
OUTPUT = ROOT / "tests" / "sandbox" / "emulator.json"

# Runs in the sandbox's environment: reads names (`module:name`), answers what they are.
_DESCRIBE = """
import hashlib, importlib, importlib.metadata, inspect, json, sys, textwrap

def described(name):
    module, _, attribute = name.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if inspect.isfunction(found) or inspect.isclass(found):
        source = textwrap.dedent(inspect.getsource(found)).encode()
        return f"{attribute}{inspect.signature(found)} #{hashlib.sha256(source).hexdigest()[:12]}"
    if isinstance(found, dict) and found and all(map(inspect.isfunction, found.values())):
        return {key: described(f"{each.__module__}:{each.__name__}") for key, each in sorted(found.items())}
    return type(found).__name__

names = json.load(sys.stdin)
print(json.dumps({"ministack": importlib.metadata.version("ministack"), **{name: described(name) for name in names}}))
"""


def content(taken: Sequence[str] | None = None) -> str:
    """What the names that are `taken` (by default all) are in the installed emulator.

    Raises:
        RuntimeError: one of them is not there.
    """
    python = environment.installed(report=lambda line: print(line, file=sys.stderr))
    done = subprocess.run(
        [str(python), "-c", _DESCRIBE],
        input=json.dumps(names() if taken is None else list(taken)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the emulator does not have what the sandbox is built on:\n{done.stderr}")
    return json.dumps(json.loads(done.stdout), indent=1) + "\n"


def names() -> list[str]:
    """What the overlay takes from the emulator, as `module:name`, sorted."""
    return sorted({name for path in OVERLAY.glob("*.py") for name in _taken(ast.parse(path.read_text("utf-8")))})


def _taken(tree: ast.Module) -> Iterator[str]:
    modules = dict(_modules(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and _is_emulators(node.module):
            for each in node.names:
                if f"{node.module}.{each.name}" not in modules.values():
                    yield f"{node.module}:{each.name}"
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple) and isinstance(node.target, ast.Name):
            # What is replaced in several modules at once: `for module in (a, b): module.name = …`.
            inside = [each for each in ast.walk(node) if isinstance(each, ast.Attribute)]
            replaced = [
                each.attr for each in inside if isinstance(each.value, ast.Name) and each.value.id == node.target.id
            ]
            looped = [modules[each.id] for each in node.iter.elts if isinstance(each, ast.Name) and each.id in modules]
            yield from (f"{module}:{name}" for module in looped for name in replaced)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield f"{modules[node.value.id]}:{node.attr}"


def _modules(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The emulator's modules by the names that they have here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.asname, each.name) for each in node.names if each.asname and _is_emulators(each.name))
        elif isinstance(node, ast.ImportFrom) and node.module in (
            "ministack.services",
            "ministack.services.cloudformation",
        ):
            for each in node.names:
                if not each.name.startswith("_"):
                    yield each.asname or each.name, f"{node.module}.{each.name}"


def _is_emulators(module: str | None) -> bool:
    return (module or "").split(".")[0] == "ministack"


def main() -> int:
    """Write the contract anew; with `--check` only compare it."""
    if "--check" in sys.argv[1:]:
        return int(content() != OUTPUT.read_text(encoding="utf-8"))
    OUTPUT.write_text(content(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
