"""The rules of each service for the names of what it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import frozen

from sigma_ls.manifest import codes
from sigma_ls.manifest.fixes import mended, replacement
from sigma_ls.manifest.schema.types import PLATFORM_TITLES
from sigma_ls.manifest.view import View
from sigma_ls.manifest.wording import with_article

FIFO = ".fifo"


@frozen
class _Rule:
    """A pattern for all of the name, its greatest length, and both in words."""

    pattern: str
    most: int
    words: str
    least: int = 1


_IDENTIFIER = r"[a-zA-Z](?:-?[a-zA-Z0-9])*"
_IDENTIFIER_WORDS = "letters, digits and single hyphens, a letter first and no hyphen last"
_RULES: Mapping[str, _Rule] = {
    # S3 user guide, *General purpose bucket naming rules*.
    "bucket": _Rule(
        r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!\d+\.\d+\.\d+\.\d+$)"
        r"(?!.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9]",
        63,
        "lower-case letters, digits, '.' and '-', and none of the beginnings and ends that S3 keeps for itself",
        least=3,
    ),
    # The services' API references: CreateTable, CreateQueue, CreateTopic, CreateStream, CreateEventBus, CreateLogGroup,
    # CreateStateMachine, CreateUserPool, CreateSecret, CreateReplicationGroup, CreateDBInstance, CreateApi.
    "table": _Rule(r"[a-zA-Z0-9_.-]+", 255, "letters, digits, '_', '-' and '.'", least=3),
    "queue": _Rule(r"[a-zA-Z0-9_-]+(?:\.fifo)?", 80, "letters, digits, '_' and '-'"),
    "topic": _Rule(r"[a-zA-Z0-9_-]+(?:\.fifo)?", 256, "letters, digits, '_' and '-'"),
    "stream": _Rule(r"[a-zA-Z0-9_.-]+", 128, "letters, digits, '_', '-' and '.'"),
    "eventBus": _Rule(
        r"(?!default$)[a-zA-Z0-9_./-]+", 256, "letters, digits, '_', '-', '.' and '/', and not 'default'"
    ),
    "logGroup": _Rule(
        r"(?!aws/)[a-zA-Z0-9_./#-]+", 512, "letters, digits, '_', '-', '.', '/' and '#', not 'aws/' first"
    ),
    "stateMachine": _Rule(r"[a-zA-Z0-9_-]+", 80, "letters, digits, '_' and '-'"),
    "userPool": _Rule(r"[\w\s+=,.@-]+", 128, "letters, digits, spaces and '+=,.@-_'"),
    "secret": _Rule(r"[a-zA-Z0-9/_+=.@-]+", 512, "letters, digits and '/_+=.@-'"),
    "cache": _Rule(_IDENTIFIER, 40, _IDENTIFIER_WORDS),
    "database": _Rule(_IDENTIFIER, 63, _IDENTIFIER_WORDS),
    "api": _Rule(r"[\s\S]+", 128, "any characters"),
}
_GCP_RULES: Mapping[str, _Rule] = {
    # Cloud Storage, *About Cloud Storage buckets*; Pub/Sub, *Guidelines to name a topic*; Secret Manager API, *Secret*.
    "bucket": _Rule(
        r"(?!goog)(?!.*g[o0]{2}g[l1]e)[a-z0-9][a-z0-9._-]*[a-z0-9]",
        63,
        "lower-case letters, digits, '.', '_' and '-', and not Google's own name",
        least=3,
    ),
    "topic": _Rule(r"(?!goog)[a-zA-Z][\w.~+%-]*", 255, "letters, digits and '-_.~+%', a letter first", least=3),
    "secret": _Rule(r"[a-zA-Z0-9_-]+", 255, "letters, digits, '_' and '-'"),
}
_WITH_FIFO = ("queue", "topic")


def check_name(view: View) -> None:
    """The name of what is made; one that exists has its name already."""
    name, kind = view.text("name"), view.text("type")
    if name is None or kind is None or view.platform is None or "existing" in view.fields:
        return
    rule = (_RULES if view.platform == "aws" else _GCP_RULES).get(kind.value)
    if rule is None:
        return
    text = name.value
    if not rule.least <= len(text) <= rule.most:
        message = f"The name of {with_article(kind.value)} has {rule.least} to {rule.most} characters, and this one {len(text)}."
        view.report.add(codes.PHYSICAL_NAME, name, message)
    elif re.fullmatch(rule.pattern, text) is None:
        on = PLATFORM_TITLES[view.platform]
        message = f"'{text}' is no name for {with_article(kind.value)} on {on}: it takes {rule.words}."
        fix = mended(name, re.compile(rule.pattern).fullmatch)
        view.report.add(codes.PHYSICAL_NAME, name, message, fix=fix)
    elif view.platform == "aws" and kind.value in _WITH_FIFO and view.flag("fifo") != text.endswith(FIFO):
        _fifo(view, kind.value)


def _fifo(view: View, kind: str) -> None:
    name = view.text("name")
    assert name is not None
    if view.flag("fifo"):
        message = f"The name of a FIFO {kind} ends in '{FIFO}'."
        view.report.add(codes.PHYSICAL_NAME, name, message, fix=replacement(name, f"{name.value}{FIFO}"))
    else:
        message = f"Only the name of a FIFO {kind} ends in '{FIFO}': write 'fifo: true', or choose another name."
        view.report.add(codes.PHYSICAL_NAME, name, message)
