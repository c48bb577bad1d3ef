"""A first project: a manifest without a fault and one function that answers, to begin from.  It overwrites nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from attrs import frozen

from sigma_ls.app.refusal import Refused

Platform = Literal["aws", "gcp"]

DEFAULT_REGION: Mapping[Platform, str] = {"aws": "eu-west-1", "gcp": "europe-west1"}

# What the manifest allows (`docs/manifest.md`, `name`).
_LONGEST_NAME = 63

_AWS_MANIFEST = """\
name: {name}
platform: aws

aws:
  region: {region}

functions:
  hello:
    description: Answers every request with a greeting.
    runtime: python3.13
    handler: app.handler
    code: src/hello
    environment:
      GREETING: Hello
    triggers:
      - http: GET /hello

outputs:
  Url: {{value: "${{api.url}}/hello", description: Where the greeting is.}}
"""

_AWS_CODE = '''\
"""Any request: a greeting, to `?name=…` or to the world."""

import os


def handler(event, context):
    name = (event.get("queryStringParameters") or {}).get("name", "world")
    return {"statusCode": 200, "body": f"{os.environ['GREETING']}, {name}!\\n"}
'''

_GCP_MANIFEST = """\
name: {name}
platform: gcp

gcp:
  project: {project}
  region: {region}
  serviceAccount: {account}

functions:
  hello:
    description: Answers every request with a greeting.
    runtime: python313
    handler: hello
    code: src/hello
    environment:
      GREETING: Hello
    triggers:
      - http: default

outputs:
  Url: {{value: "${{hello.url}}", description: Where the greeting is.}}
"""

_GCP_CODE = '''\
"""Any request: a greeting, to `?name=…` or to the world."""

import os

import functions_framework


@functions_framework.http
def hello(request):
    return f"{os.environ['GREETING']}, {request.args.get('name', 'world')}!\\n"
'''


@frozen
class Starter:
    """What a first project must know.  `cloud_project` is Google Cloud's, and empty on AWS."""

    name: str
    platform: Platform
    region: str
    cloud_project: str = ""


def name_from(folder: str) -> str:
    """A project name made of a folder's: lower case, what a name may not hold as hyphens."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")
    if not name[:1].isalpha():
        name = f"project-{name}"
    return name[:_LONGEST_NAME].rstrip("-")


def files(starter: Starter) -> Mapping[str, str]:
    """The files of the project by their path in its folder."""
    account = f"deployer@{starter.cloud_project}.iam.gserviceaccount.com"
    given = {"name": starter.name, "region": starter.region, "project": starter.cloud_project, "account": account}
    values = {key: _scalar(value) for key, value in given.items()}
    if starter.platform == "aws":
        return {"sigma.yaml": _AWS_MANIFEST.format(**values), "src/hello/app.py": _AWS_CODE}
    return {
        "sigma.yaml": _GCP_MANIFEST.format(**values),
        "src/hello/main.py": _GCP_CODE,
        "src/hello/requirements.txt": "functions-framework==3.10.2\n",
    }


def _scalar(value: str) -> str:
    """As YAML reads it back: whatever somebody typed is one string, which the manifest's rules then judge."""
    return value if re.fullmatch(r"[a-zA-Z][\w@.-]*", value) else json.dumps(value)


def existing_manifest(folder: Path) -> Path | None:
    """The manifest that is there already."""
    return next((path for name in ("sigma.yaml", "sigma.yml") if (path := folder / name).exists()), None)


def create(folder: Path, starter: Starter) -> tuple[Path, ...]:
    """Write the files, and give those that were written: code that is there already is kept.

    Raises `Refused` (`manifestExists`, `notWritable`); the manifest is written last, so that no half project is one.
    """
    if manifest := existing_manifest(folder):
        raise Refused("manifestExists", f"There is a project already: {manifest}. Nothing was changed.")
    written = []
    for name, text in sorted(files(starter).items(), key=lambda file: file[0] == "sigma.yaml"):
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            raise Refused("notWritable", f"{path} cannot be written: {error.strerror or error}.") from error
        written.append(path)
    return tuple(written)
