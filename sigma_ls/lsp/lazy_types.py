"""`lsprotocol.types` with its classes completed at first use instead of at import.

The module declares more than 550 attrs classes, of which a session uses a few dozen; generating the methods of all of
them costs most of a language server's start (python-attrs/attrs#575).  Here each class keeps its declaration and gets
its methods when somebody first asks for its fields or makes an instance.  A class so made equals the eager one in
fields, types, equality and text; it differs in having a `__dict__` instead of slots, since slots need another class
object and the first one is in use by then.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import attrs

TYPES = "lsprotocol.types"


def install() -> None:
    """Import `lsprotocol.types` lazily; does nothing where something else has imported it already."""
    if TYPES in sys.modules:
        return
    eager = attrs.define, attrs.field
    attrs.define, attrs.field = _define_later, _field_later  # type: ignore[assignment]
    try:
        importlib.import_module(TYPES)
    finally:
        attrs.define, attrs.field = eager
    # The converter would else resolve the annotations of every class, which would complete them all.
    hooks: Any = importlib.import_module("lsprotocol._hooks")
    hooks._resolved_forward_references = True  # noqa: SLF001 - there is no public switch


def _define_later(cls: type | None = None, **options: Any) -> Any:
    """Stands in for `attrs.define` while the module is imported."""
    if cls is None:
        return lambda decorated: _define_later(decorated, **options)
    _unfinished[cls] = {**options, "slots": False}
    setattr(cls, "__attrs_attrs__", _FIELDS)  # noqa: B010 - a type checker knows no such attribute
    setattr(cls, "__init__", _complete_then_init)  # noqa: B010
    return cls


def _complete(cls: type) -> None:
    options = _unfinished.pop(cls, None)
    if options is None:
        return
    del cls.__attrs_attrs__  # type: ignore[attr-defined]
    del cls.__init__  # type: ignore[misc]
    for name, value in [*vars(cls).items()]:
        if type(value) is _FieldLater:
            setattr(cls, name, attrs.field(**value.options))
    attrs.define(cls, **options)
    attrs.resolve_types(cls, vars(sys.modules[TYPES]), {})


class _FieldLater:
    """Stands in for what `attrs.field` makes, until its class is completed."""

    __slots__ = ("options",)

    def __init__(self, **options: Any) -> None:
        self.options = options


_PLAIN = _FieldLater()
_OPTIONAL = _FieldLater(default=None)


def _field_later(**options: Any) -> _FieldLater:
    """Stands in for `attrs.field` while the module is imported: it does so 1,600 times, mostly in these two ways."""
    if not options:
        return _PLAIN
    return _OPTIONAL if options == {"default": None} else _FieldLater(**options)


class _Fields:
    """Where an unfinished class's fields will be; looking at it completes the class."""

    def __get__(self, instance: object, owner: type) -> Any:
        # Attribute look-up finds this on a base first where the class itself is finished or unfinished alike.
        for cls in reversed(owner.__mro__):
            _complete(cls)
        return owner.__attrs_attrs__  # type: ignore[attr-defined]


def _complete_then_init(self: Any, *args: Any, **kwargs: Any) -> None:
    cls = type(self)
    for base in reversed(cls.__mro__):
        _complete(base)
    cls.__init__(self, *args, **kwargs)


_FIELDS = _Fields()
_unfinished: dict[type, dict[str, Any]] = {}
