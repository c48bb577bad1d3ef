"""The names that a module for Node.js exports, as far as its text tells: CommonJS and ESM.

It is no parser: where a module makes its exports in a way that the text does not show, nothing is said of them.
"""

from __future__ import annotations

import re
from typing import Literal

MOST_ASSIGNMENTS = 20
"""Of `module.exports`; each is read to its end, so that more would take too long.  A guess."""

_NAME = r"[A-Za-z_$][\w$]*"
_TOKEN = re.compile(r"""//[^\n]*|/\*[\s\S]*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`""")
"""Comments and texts; of a regular expression with quotes in it the rest of the line may be taken for a text."""
_DEFINED = re.compile(rf"\bObject\s*\.\s*defineProperty\s*\(\s*(?:module\s*\.\s*)?exports\s*,\s*\"({_NAME})\"")
_COMMON = re.compile(rf"\bexports\s*\.\s*({_NAME})\s*=(?!=)")
_COMMON_WHOLE = re.compile(r"\bmodule\s*\.\s*exports\s*=(?!=)\s*")
_COMMON_READ = re.compile(rf"\bexports\b(?!\s*\.\s*{_NAME}|\s*=(?!=))")
_DECLARED = re.compile(rf"\bexport\s+(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s*({_NAME})")
_FURTHER = re.compile(rf",\s*({_NAME})\s*=(?![=>])")
_LISTED = re.compile(r"\bexport\s*\{([^}]*)\}")
_STAR_AS = re.compile(rf"\bexport\s*\*\s*as\s+({_NAME})")
_DEFAULT = re.compile(r"\bexport\s+default\b")
_UNTOLD = re.compile(r"\bexport\s*\*\s*from\b|\bexport\s+(?:const|let|var)\s*[{\[]")
_MEMBER = re.compile(rf"\s*(?:(?:async|get|static)\s+)?\*?\s*\"?({_NAME})\"?\s*(?:$|[:(=])")


System = Literal["commonjs", "module"]


def exported_names(source: str, system: System | None = None) -> set[str] | None:
    """The names; nothing where they cannot be told.  `system` is the kind of module, where that is known."""
    text = _TOKEN.sub(_plain, source)
    if system == "module":
        return _of_es_module(text)
    if system == "commonjs":
        return _of_common(text)
    own, common = _of_es_module(text), _of_common(text)
    return None if own is None or common is None else own | common


def _of_es_module(text: str) -> set[str] | None:
    if _UNTOLD.search(text):
        return None
    names = {*_DECLARED.findall(text), *_STAR_AS.findall(text)}
    if re.search(r"\bexport\s+(?:const|let|var)\b", text):
        # `export const a = 1, b = 2`: what looks like a further one is taken for it.
        names.update(_FURTHER.findall(text))
    if _DEFAULT.search(text):
        names.add("default")
    for listed in _LISTED.findall(text):
        names.update(each.split()[-1].strip('"') for each in listed.split(",") if each.strip())
    return names


def _of_common(text: str) -> set[str] | None:
    names = set(_DEFINED.findall(text))
    text = _DEFINED.sub("", text)
    if _COMMON_READ.search(text):
        return None
    names.update(_COMMON.findall(text))
    wholes = list(_COMMON_WHOLE.finditer(text))
    if len(wholes) > MOST_ASSIGNMENTS:
        return None
    for whole in wholes:
        members = _members(text, whole.end())
        if members is None:
            return None
        names |= members
    return names


def _plain(token: re.Match[str]) -> str:
    """A text that is a name stays, in double quotes; other texts and comments are left out."""
    text = token[0]
    if text.startswith("/"):
        return " "
    return f'"{text[1:-1]}"' if re.fullmatch(_NAME, text[1:-1]) else '""'


def _members(text: str, start: int) -> set[str] | None:
    """The names in an object that is written out; nothing where it is none, or takes in another."""
    if re.match(rf"{_NAME}\s*=(?!=)|exports\b", text[start : start + 200]):
        return set()  # `module.exports = exports = …`, or `= exports.handler = …`: told by what follows.
    if text[start : start + 1] != "{":
        return None
    depth, top, members = 0, start + 1, []
    flat: list[str] = []
    for index in range(start, len(text)):
        each = text[index]
        if each in "{[(":
            depth += 1
            if depth == 2:
                flat.append(text[top : index + 1])
        elif each in "}])":
            depth -= 1
            if depth == 1:
                top = index
            elif depth == 0:
                flat.append(text[top:index])
                members = "".join(flat).split(",")
                break
    names = set()
    for member in members:
        if "..." in member or member.strip().startswith("["):
            return None
        if (found := _MEMBER.match(member.strip())) is not None:
            names.add(found[1])
    return names if members else None
