"""Logical ids and physical names.

Both are functions of the manifest's ids alone, never of the order in which things stand in it: a logical id that moved
would make CloudFormation replace what it names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from sigma_ls.manifest.model import pascal_case

BUCKET_NAME_LENGTH = 63
"""Longest name of a bucket (S3 user guide, *General purpose bucket naming rules*)."""
ACCOUNT_LENGTH = 12
REGION_LENGTH = 15
"""As `us-isof-south-1`, the longest region name in botocore's endpoint data."""
BUCKET_STEM_LENGTH = BUCKET_NAME_LENGTH - len("-") - ACCOUNT_LENGTH - len("-") - REGION_LENGTH
DIGITS = 8
"""Of a hash in a name: two of a hundred names are alike once in 20 000 times, and CloudFormation would say so."""
TOPIC_NAME_LENGTH = 256
"""Longest name of a topic, with the `.fifo` that a FIFO topic's ends in (SNS API reference, CreateTopic)."""
EVENT_BUS_NAME_LENGTH = 256
"""Longest name of an event bus (EventBridge API reference, CreateEventBus)."""
LOGICAL_ID_LENGTH = 255
"""Longest logical id (CloudFormation user guide, *Resources syntax*); the path of a route may be longer."""
API_NAME_LENGTH = 128
"""Longest name of an HTTP API (API Gateway V2 API reference, *Apis*); for a REST API none is documented."""
USER_POOL_NAME_LENGTH = 128
"""Longest name of a user pool (Cognito API reference, CreateUserPool)."""


class LogicalIds:
    """Gives every companion of a function or resource its logical id, and none twice.

    A companion's id is the ids of what it belongs to, then its kind: `ResizeRole`, `ImagesResizePermission`.  Where that
    is taken (a project with `resize` and `resizeRole` has a `ResizeRole` already) or too long, it ends in a hash of the
    parts.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._given: dict[tuple[str, ...], str] = {}

    def companion(self, *ids: str, kind: str) -> str:
        """The logical id of the `kind` that belongs to `ids`; the same for the same question."""
        question = (*ids, kind)
        if (given := self._given.get(question)) is not None:
            return given
        name = "".join(map(pascal_case, ids)) + kind
        if name in self._taken or len(name) > LOGICAL_ID_LENGTH:
            distinct = letters(*question)
            name = name[: LOGICAL_ID_LENGTH - len(distinct)] + distinct
        self._taken.add(name)
        self._given[question] = name
        return name


_SIMPLE_SEGMENT = re.compile(r"[a-z][a-z0-9]*")
_PARAMETER = re.compile(r"\{[^{}]*\}")


def route_kind(method: str, path: str) -> str:
    """The part of a logical id that stands for an HTTP route: `GetImages` of `GET /images`.

    A function of the route alone, since API Gateway refuses the second of two routes with one key: were a route's id
    to change, CloudFormation would make the new one before it removes the old one, and fail.  The names of path
    parameters do not count, as they do not for API Gateway.
    """
    if not method:
        return "Default"
    readable = method.capitalize() + _path_words(path)
    return readable if _is_simple(path) else readable + letters(method, *_anonymous_segments(path))


def path_kind(path: str) -> str:
    """The part of a logical id that stands for a path: `ImagesParam` of `/images/{id}`; again of the path alone."""
    return _path_words(path) + ("" if _is_simple(path) else letters(*_anonymous_segments(path)))


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/") if path != "/" else []


def _path_words(path: str) -> str:
    return "".join(map(_segment_word, _segments(path)))


def _is_simple(path: str) -> bool:
    """Whether no other path has the same words."""
    return all(
        (_SIMPLE_SEGMENT.fullmatch(segment) and segment not in ("param", "rest")) or _PARAMETER.fullmatch(segment)
        for segment in _segments(path)
    )


def _anonymous_segments(path: str) -> Iterator[str]:
    return (_PARAMETER.sub(_anonymous, segment) for segment in _segments(path))


def _segment_word(segment: str) -> str:
    if _PARAMETER.fullmatch(segment):
        return "Rest" if segment.endswith("+}") else "Param"
    return pascal_case(re.sub(r"[^a-zA-Z0-9]+", "-", segment))


def _anonymous(parameter: re.Match[str]) -> str:
    return "{+}" if parameter[0].endswith("+}") else "{}"


def bucket_stem(stack: str, resource_id: str) -> str:
    """What a bucket's name begins with, before account and region: `<stack>-<id>`, in at most 34 characters.

    Bucket names are shared by all accounts, and have no capitals.  A hash is appended wherever the plain form could
    also be that of another stack and id: where something is cut off or made small, and where the id has a hyphen
    (`app-dev` with `eu-images`, `app-dev-eu` with `images`).  The hash is digits, which no id begins with.
    """
    plain = f"{stack}-{resource_id}"
    if plain == plain.lower() and "-" not in resource_id and len(plain) <= BUCKET_STEM_LENGTH:
        return plain
    # The id says more than the stack, so it is the last to be cut: 12 characters of it are kept in any case.
    room = BUCKET_STEM_LENGTH - len("--") - DIGITS
    last = resource_id[: max(12, room - len(stack))]
    return "-".join((stack[: room - len(last)].strip("-"), last.strip("-"), _digits(stack, resource_id))).lower()


def name_in_stack(stack: str, resource_id: str, length: int, suffix: str = "") -> str:
    """`<stack>-<Id>` and `suffix`, cut with a hash where it is too long; ids in PascalCase have no hyphen."""
    plain = f"{stack}-{pascal_case(resource_id)}"
    if len(plain) + len(suffix) <= length:
        return plain + suffix
    ending = "-" + _digits(stack, resource_id) + suffix
    return plain[: length - len(ending)] + ending


def api_name(stack: str, api_id: str) -> str:
    """`<stack>-<id>`, cut: two apis may have one name."""
    return f"{stack}-{api_id}"[:API_NAME_LENGTH]


def arn_resource(existing: str) -> str | None:
    """The last of an ARN's six parts (`my-table` still as `table/my-table`); nothing where it is no ARN."""
    parts = existing.split(":", 5)
    return parts[5] if parts[0] == "arn" and len(parts) == 6 else None


def _digest(parts: tuple[str, ...]) -> int:
    # The parts hold no NUL, so no two lists of parts are hashed alike.
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8])


def _digits(*parts: str) -> str:
    return f"{_digest(parts) % 10**DIGITS:0{DIGITS}d}"


def letters(*parts: str) -> str:
    """Eight capital letters and digits that stand for the parts in a logical id."""
    return f"{_digest(parts) >> 32:08X}"
