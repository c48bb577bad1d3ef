"""A bare script on boto3: uploads what is not there, stages the template, executes it, waits, prints the outputs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

POLL = 0.3
"""Seconds."""
STACK = os.environ["BENCH_STACK"]
BUCKET = os.environ["BENCH_BUCKET"]


def uploaded() -> str:
    """The template with the places of the code."""
    store = boto3.client("s3")
    template = json.loads(Path("template.json").read_text())
    there = {each["Key"] for each in store.list_objects_v2(Bucket=BUCKET).get("Contents", [])}
    for name in ("Upload", "Resize", "List"):
        data = Path("archives", f"{name}.zip").read_bytes()
        key = hashlib.sha256(data).hexdigest()
        if key not in there:
            store.put_object(Bucket=BUCKET, Key=key, Body=data)
        template["Resources"][name]["Properties"]["Code"] = {"S3Bucket": BUCKET, "S3Key": key}
    return json.dumps(template)


def status(cloud: Any) -> str | None:
    """The stack's status, and its outputs printed once it is settled."""
    try:
        (stack,) = cloud.describe_stacks(StackName=STACK)["Stacks"]
    except ClientError:
        return None
    if not stack["StackStatus"].endswith("_IN_PROGRESS"):
        print(json.dumps(stack.get("Outputs", [])))
    return str(stack["StackStatus"])


def settled(cloud: Any) -> None:
    """Wait for the stack's operation."""
    while (now := status(cloud)) is not None and now.endswith("_IN_PROGRESS"):
        time.sleep(POLL)
    if now is not None and now not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"):
        raise SystemExit(f"the stack is {now}")


def deploy() -> None:
    """Create or update."""
    cloud = boto3.client("cloudformation")
    exists = status(cloud) not in (None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE")
    made = cloud.create_change_set(
        StackName=STACK,
        ChangeSetName=f"bench-{time.time_ns()}",
        ChangeSetType="UPDATE" if exists else "CREATE",
        TemplateBody=uploaded(),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )["Id"]
    while (found := cloud.describe_change_set(ChangeSetName=made))["Status"].endswith(("PENDING", "IN_PROGRESS")):
        time.sleep(POLL)
    if found["Status"] == "FAILED":
        cloud.delete_change_set(ChangeSetName=made)
        return
    cloud.execute_change_set(ChangeSetName=made)
    settled(cloud)


def remove() -> None:
    """Delete."""
    cloud = boto3.client("cloudformation")
    cloud.delete_stack(StackName=STACK)
    settled(cloud)


if __name__ == "__main__":
    {"deploy": deploy, "remove": remove}[sys.argv[1]]()
