"""Laying one tree of nodes over another: the `template` block over what was generated, `properties` over a resource's.

Mappings are merged recursively, lists and scalars replace, `null` removes the key (manifest.md, *Precedence and
merging*).
"""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.synth.cloudformation.nodes import At, Node, bare


def merge(base: Node, over: Node) -> Node:
    """`over` laid over `base`.

    A mapping that was merged keeps the place that it came from, since what is new in it is marked itself.  A call of a
    CloudFormation function is one value: laying `Fn::Sub` over `Ref` must not give a mapping with both.
    """
    below, above = bare(base), bare(over)
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)) or is_intrinsic(below) or is_intrinsic(above):
        return over
    merged = dict(below)
    for key, value in above.items():
        merged[key] = merge(below[key], value) if key in below else value
    return At(base.range, merged) if isinstance(base, At) else merged


def is_intrinsic(value: Node) -> bool:
    """Whether a mapping is a call of a CloudFormation function, such as `{Ref: X}`."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    (key,) = value
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))
