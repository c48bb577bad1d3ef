"""Which changed properties force a replacement, as change sets tell it.

ministack knows that of some types only, and calls every property of the others perhaps replacing; so for them the word
is CloudFormation's own schemas' (`recreation.json`, written by `tools/gen_recreation.py`).  Whether an update then
replaces the resource is left to ministack's handler of the type.
"""

import json
from pathlib import Path

import ministack.services.cloudformation.stacks as ministack_stacks
from ministack.services.cloudformation.provisioners import _REPLACING_PROPERTIES, _property_recreation

_TYPES = json.loads(Path(__file__).with_name("recreation.json").read_text(encoding="utf-8"))["types"]


def install():
    """Put it in place where change sets are made, and only there."""
    ministack_stacks._property_recreation = required


def required(resource_type, name):
    """`Always`, `Conditionally` or `Never`: CloudFormation's RequiresRecreation of a changed property."""
    if resource_type in _REPLACING_PROPERTIES or resource_type not in _TYPES:
        return _property_recreation(resource_type, name)
    return next((word for word, names in _TYPES[resource_type].items() if name in names), "Never")
