"""Rules for http triggers: their routes, who may call, and from which pages."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.report import Claim, Definition, Group, Report, Use
from sigma_ls.manifest.schema.types import Id
from sigma_ls.manifest.view import View, fields_of, items_of
from sigma_ls.manifest.wording import short, with_article
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, spot_of
from sigma_ls.syntax.scalars import typed

_PARAMETER = re.compile(r"\{[^{}/]*?(\+?)\}")
_PART = re.compile(r"[^{}]*|\{[^{}+]+\+?\}").fullmatch
_PLAIN = re.compile(r"[^{}?#]*").fullmatch
_IMPLICIT_API = "api"
_NEEDS_API = Id(kinds=("api",), role="the api of an http trigger")


def check_http(view: View, route: Scalar, fields: dict[str, tuple[Scalar, Node]]) -> None:
    """An http trigger on AWS: its path, its api, and who may call."""
    _check_path(route, view.report)
    api = fields["api"][1] if "api" in fields else None
    if type(api) is Scalar:
        name = api.value
    else:
        name = _IMPLICIT_API
        view.report.implicit_api = True
        # It is an error where the id stands for something else.
        view.report.uses.append(Use(name, spot_of(route), _judge_implicit_api, follows=True, data=_NEEDS_API))
    key = f"route {name} {normal_route(route.value)}"
    view.report.claims.append(Claim(Group.ROUTE, key, route.value, "functions", spot_of(route)))
    auth = fields["auth"][1] if "auth" in fields else None
    if type(auth) is Scalar and auth.value not in ("none", "iam"):
        view.report.uses.append(Use(auth.value, spot_of(auth), _judge_authorizer, follows=True))


def normal_route(route: str) -> str:
    """The route with its parameters' names left out, which make no difference to what it takes."""
    return _PARAMETER.sub(r"{\1}", route)


def _check_path(route: Scalar, report: Report) -> None:
    if not _PLAIN(route.value):
        message = _path_fault(route.value)
        if message is not None:
            report.add(codes.ROUTE_PATH, route, message)


@lru_cache(maxsize=1024)
def _path_fault(route: str) -> str | None:
    """Parameters are whole parts of the path (API Gateway developer guide, *Create routes for HTTP APIs*)."""
    parts = route.partition(" ")[2].split("/")
    counts = Counter(part for part in parts if part.startswith("{"))
    wrong = next((part for part in parts if _PART(part) is None), None)
    twice = next((part[1:-1] for part, count in counts.items() if count > 1), None)
    if "?" in route or "#" in route:
        return "A path ends before '?' and '#': what follows them in a request has no part in its route."
    if wrong is not None:
        return f"'{short(wrong)}' mixes text and a parameter: a parameter is a whole part of the path, '{{name}}'."
    if any(part.endswith("+}") for part in parts[:-1]):
        return "What a parameter with '+' takes is the rest of the path: nothing can follow it."
    if twice is not None:
        return f"The parameter '{short(twice)}' stands in this path twice: give each a name of its own."
    return None


def _judge_implicit_api(use: Use, found: Definition, report: Report) -> None:
    if found.kind != "api":
        message = (
            f"An http trigger without 'api' uses the project's api '{use.id}', but that id is "
            f"{with_article(found.kind)} here: rename that, or name another api."
        )
        report.add_at(codes.WRONG_RESOURCE, use.place, message)


def _judge_authorizer(use: Use, found: Definition, report: Report) -> None:
    """A user pool whose users may call: they get tokens by its clients only."""
    if found.kind == "userPool" and not found.clients and not found.existing:
        message = f"The user pool '{use.id}' has no client, so nobody gets a token of it: add 'clients: {{web: {{}}}}'."
        related = (Related("The pool is declared here.", found.place),)
        report.add_at(codes.POOL_CLIENT, use.place, message, related=related, fix=found.with_client)


def check_cors(cors: Node, report: Report) -> None:
    """Credentials for pages of any origin, which no browser gives (Fetch standard, *CORS protocol and credentials*)."""
    fields = fields_of(cors)
    credentials = fields.get("credentials")
    if type(cors) is not Mapping or credentials is None or type(credentials[1]) is not Scalar:
        return
    origins = (
        [each.value for each in items_of(fields["origins"][1]) if type(each) is Scalar]
        if "origins" in fields
        else ["*"]
    )
    if typed(credentials[1]) is True and "*" in origins:
        message = (
            "No browser sends credentials to an endpoint for any origin ('*'): name the pages' origins in 'origins'."
        )
        report.add(codes.CORS_CREDENTIALS, credentials[0], message)
