"""Our messages as JSON values and back: snake_case fields become camelCase, an optional field that is unset is left out.

Lenient to the future (unknown fields are ignored), strict about types (a string is not taken for a number), and its
errors name the field.  Neither LSP nor JSON text is known here.
"""

from __future__ import annotations

import json
import re
import weakref
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import attrs
from cattrs import Converter, transform_error
from cattrs.cols import mapping_structure_factory
from cattrs.errors import StructureHandlerNotFoundError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

T = TypeVar("T")


class WireError(ValueError):
    """What came over the wire does not have the shape it should have; the message says where and why."""


def to_wire(value: attrs.AttrsInstance) -> dict[str, Any]:
    """The JSON object of an attrs instance.

    A field whose default is `None` is left out while it is `None`; every other field is always there.
    """
    return cast("dict[str, Any]", _converter.unstructure(value))


def from_wire(data: object, cls: type[T]) -> T:
    """An instance of `cls` from a JSON value.

    Raises:
        WireError: `data` does not fit, with each misfit's path, such as `required field missing @ $.deployment`.
    """
    try:
        return _converter.structure(data, cls)
    except StructureHandlerNotFoundError:
        raise  # A message class has a type that nothing here can read: a defect of ours, not of the sender.
    except Exception as error:
        raise WireError(
            "; ".join(_in_camel_case(line) for line in transform_error(error, format_exception=_say))
        ) from error


def camel(name: str) -> str:
    """`snake_case` as `camelCase`."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _say(error: BaseException, expected: type | None) -> str:
    if isinstance(error, KeyError):
        return "required field missing"
    if isinstance(error, WireError):
        return str(error)
    return f"invalid value, expected {getattr(expected, '__name__', expected)}"


def _in_camel_case(line: str) -> str:
    """The same line with the path after `@` in the words of the wire."""
    text, at, path = line.rpartition(" @ ")
    return text + at + re.sub(r"(?<=\.)\w+", lambda word: camel(word[0]), path)


def _exactly(word: str, *kinds: type) -> Any:
    def structure(value: object, _: object) -> object:
        # To Python a bool is an int; to the sender it is none.
        if isinstance(value, kinds) and isinstance(value, bool) == (bool in kinds):
            return value
        raise WireError(f"expected {word}, got {_kind_of(value)}")

    return structure


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
        case _:
            return "an array"


def _structure_literal(literal: Any) -> Any:
    allowed = get_args(literal)

    def structure(value: object, _: object) -> object:
        if value in allowed:
            return value
        words = " or ".join(json.dumps(word) for word in allowed)
        raise WireError(f"expected {words}, got {json.dumps(value) if isinstance(value, str) else _kind_of(value)}")

    return structure


def _structure_union(union: Any) -> Any:
    """The member of the union that JSON's kinds tell apart: null, a text, a number, or an object."""
    members = [member for member in get_args(union) if member is not NoneType]
    optional = NoneType in get_args(union)
    objects = [member for member in members if attrs.has(member) or _is_a(Mapping)(member)]
    others = [member for member in members if member not in objects]
    of_object, of_other = (objects or members)[0], (others or members)[0]

    def structure(value: object, _: object) -> object:
        if value is None and optional:
            return None
        if isinstance(value, Mapping):
            return _converter.structure(value, of_object)
        return _converter.structure(value, type(value) if type(value) in others else of_other)

    return structure


def _structure_class(cls: type) -> Any:
    renamed: Any = {field.name: override(rename=camel(field.name)) for field in attrs.fields(cls)}
    structure_fields: Any = make_dict_structure_fn(cls, _converter, **renamed)

    def structure(value: object, kind: type) -> object:
        return structure_fields(_an_object(value), kind)

    return structure


def _structure_mapping(kind: Any) -> Any:
    structure_items = mapping_structure_factory(kind, _converter, structure_to=dict)
    return lambda value, _: structure_items(_an_object(value), kind)


def _an_object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise WireError(f"expected an object, got {_kind_of(value)}")
    return value


def _structure_tuple(kind: Any) -> Any:
    items: Any = list[get_args(kind)[0]]  # type: ignore[misc]

    def structure(value: object, _: object) -> object:
        if not isinstance(value, (list, tuple)):
            raise WireError(f"expected an array, got {_kind_of(value)}")
        return tuple(_converter.structure(value, items))

    return structure


def _unstructure_class(cls: type) -> Any:
    renamed: Any = {
        field.name: override(rename=camel(field.name), omit_if_default=field.default is None)
        for field in attrs.fields(cls)
    }
    unstructure: Any = make_dict_unstructure_fn(cls, _converter, **renamed)
    return unstructure


def tell_once(cls: type) -> None:
    """Convert each instance of this frozen class once: for those of which many are told again and again, a few of them new.

    What `to_wire` gives of them is shared from now on, so nobody may change it.
    """
    _converter.register_unstructure_hook(cls, _remembering(_unstructure_class(cls)))


def _remembering(unstructure: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    known: dict[int, tuple[weakref.ref[Any], dict[str, Any]]] = {}

    def remembered(value: Any) -> dict[str, Any]:
        key = id(value)
        if (found := known.get(key)) is not None and found[0]() is value:
            return found[1]
        told = unstructure(value)
        known[key] = (weakref.ref(value, lambda _: known.pop(key, None)), told)
        return told

    return remembered


def _is_a(*origins: Any) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) in origins


_converter = Converter(unstruct_collection_overrides={tuple: list})
_converter.register_structure_hook(str, _exactly("a string", str))
_converter.register_structure_hook(bool, _exactly("a boolean", bool))
_converter.register_structure_hook(int, _exactly("a whole number", int))
_converter.register_structure_hook(float, _exactly("a number", int, float))
_converter.register_structure_hook_factory(_is_a(Literal), _structure_literal)
_converter.register_structure_hook_factory(_is_a(Union, UnionType), _structure_union)
_converter.register_structure_hook_factory(_is_a(tuple), _structure_tuple)
_converter.register_structure_hook_factory(_is_a(Mapping), _structure_mapping)
_converter.register_structure_hook_factory(attrs.has, _structure_class)
_converter.register_unstructure_hook_factory(attrs.has, _unstructure_class)
