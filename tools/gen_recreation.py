"""Writes what the sandbox knows of properties that force a replacement: `sigma_ls/sandbox/overlay/recreation.json`.

    python tools/gen_recreation.py            write it
    python tools/gen_recreation.py --check    exit 1 if it is out of date, write nothing

From CloudFormation's resource schemas as cfn-lint ships them.  Its `date` is that of the schemas, so that two runs with
the same cfn-lint write the same file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cfnlint
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

OUTPUT = Path(__file__).resolve().parent.parent / "sigma_ls/sandbox/overlay/recreation.json"
REGION = "us-east-1"  # It has every type.
SERVICES = (
    "ApiGateway", "ApiGatewayV2", "CloudFormation", "CloudFront", "CloudWatch", "Cognito", "DynamoDB", "Events", "IAM",
    "KMS", "Kinesis", "KinesisFirehose", "Lambda", "Logs", "Pipes", "S3", "SNS", "SQS", "SSM", "Scheduler",
    "SecretsManager", "StepFunctions",
)  # fmt: skip
"""The services whose resources a project can be made of; of others the emulator's own knowledge has to do."""


def content() -> str:
    """The file, with a line for each type."""
    data = Path(str(cfnlint.__file__)).parent / "data/schemas/version.json"
    date = json.loads(data.read_text(encoding="utf-8"))["schema_date"]
    types = ",\n".join(f"    {json.dumps(kind)}: {json.dumps(found)}" for kind, found in sorted(_types()))
    return f'{{\n  "date": {json.dumps(date)},\n  "types": {{\n{types}\n  }}\n}}\n'


def _types() -> Iterator[tuple[str, dict[str, list[str]]]]:
    for kind in PROVIDER_SCHEMA_MANAGER.get_resource_types(REGION):
        if kind.startswith("AWS::") and kind.split("::")[1] in SERVICES:
            yield kind, _recreation(PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema)


def _recreation(schema: dict[str, Any]) -> dict[str, list[str]]:
    """The properties of which every change replaces the resource, and those of which some changes do."""
    always: set[str] = set()
    sometimes: set[str] = set()
    for pointer in schema.get("createOnlyProperties", []):
        # `/properties/Name`, or `/properties/Settings/Name`: then the property as a whole can also change otherwise.
        name, *rest = pointer.removeprefix("/properties/").split("/")
        (sometimes if rest else always).add(name)
    for pointer in schema.get("conditionalCreateOnlyProperties", []):
        sometimes.add(pointer.removeprefix("/properties/").split("/")[0])
    found = {"Always": sorted(always), "Conditionally": sorted(sometimes - always)}
    return {word: names for word, names in found.items() if names}


def main() -> int:
    """Write the file, or compare it."""
    if "--check" in sys.argv[1:]:
        return int(content() != OUTPUT.read_text(encoding="utf-8"))
    OUTPUT.write_text(content(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
