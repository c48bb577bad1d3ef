"""Values that CloudFormation works out: literal text, and what `Ref` and `Fn::GetAtt` give, joined.

An expression is kept apart from JSON until the end, so that it can be put into other expressions, and is then written
in the simplest form that says it: a string, `Ref`, `Fn::GetAtt`, or one flat `Fn::Sub`.
"""

from __future__ import annotations

from attrs import frozen

from sigma_ls.manifest.model import Json


@frozen
class Get:
    """`Ref: name`, or with an attribute `Fn::GetAtt: [name, attribute]`."""

    name: str
    attribute: str | None = None


@frozen
class Expression:
    """Text and gets, in order."""

    parts: tuple[str | Get, ...]


def ref(name: str) -> Expression:
    """What `Ref` gives for a logical id or a pseudo parameter."""
    return Expression((Get(name),))


def get_att(name: str, attribute: str) -> Expression:
    """What `Fn::GetAtt` gives."""
    return Expression((Get(name, attribute),))


def join(*parts: str | Expression) -> Expression:
    """The parts one after the other; neighbouring pieces of text become one."""
    joined: list[str | Get] = []
    for part in parts:
        for piece in (part,) if isinstance(part, str) else part.parts:
            last = joined[-1] if joined else None
            if isinstance(piece, str) and isinstance(last, str):
                joined[-1] = last + piece
            elif piece:
                joined.append(piece)
    return Expression(tuple(joined))


ACCOUNT = ref("AWS::AccountId")
PARTITION = ref("AWS::Partition")
REGION = ref("AWS::Region")
URL_SUFFIX = ref("AWS::URLSuffix")


def arn(service: str, *resource: str | Expression, region: bool = True, account: bool = True) -> Expression:
    """An ARN in the stack's own partition, region and account; some services leave out the latter two."""
    return join(
        "arn:", PARTITION, f":{service}:", REGION if region else "", ":", ACCOUNT if account else "", ":", *resource
    )


def to_json(expression: Expression) -> Json:
    """The expression as it stands in a template."""
    match expression.parts:
        case ():
            return ""
        case (str() as text,):
            return text
        case (Get(name, None),):
            return {"Ref": name}
        case (Get(name, attribute),):
            return {"Fn::GetAtt": [name, attribute]}
        case parts:
            return {"Fn::Sub": "".join(map(_in_sub, parts))}


def _in_sub(part: str | Get) -> str:
    if isinstance(part, str):
        # A literal `${x}` is written `${!x}` inside Fn::Sub.
        return part.replace("${", "${!")
    return f"${{{part.name}}}" if part.attribute is None else f"${{{part.name}.{part.attribute}}}"
