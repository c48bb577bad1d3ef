"""Makes valid manifests of about a given number of lines, the same ones at every run."""

from __future__ import annotations

HEAD = """\
# A manifest made for measuring.
name: measured
description: As many functions as fit.
platform: aws

aws:
  region: eu-west-1
  tags: {team: core}

environment:
  LOG_LEVEL: info

"""

FUNCTION = """\
  work-{i}:
    # Handles items of kind {i}.
    description: "Function number {i} does its share"
    runtime: python3.13
    handler: app.handler
    code: src/work
    memory: {memory}
    timeout: {timeout}
    environment:
      TABLE: ${{table-{near}.name}}
      QUEUE: ${{queue-{near}.url}}
      STEP: "{i}"
    triggers:
      - http: GET /items/{i}/{{id}}
        cors: true
      - queue: queue-{i}
        batch: {batch}
    uses:
      table-{near}: [read, write]
      queue-{near}: send
    logRetention: 14
    tracing: true
    architecture: arm64
"""

RESOURCES = """\
  table-{i}:
    type: table
    partitionKey: id
    ttl: expires
  queue-{i}:
    type: queue
    visibilityTimeout: 120
    retention: 345600
"""

OUTPUTS = """\
outputs:
  Url:
    value: ${api.url}
    description: Where the API answers.
"""

EDITED_KEY = "memory"
"""The key whose value the benchmark makes and unmakes a fault of."""

EDITED_SECTION = "resources"
"""The section whose head it breaks and mends."""

NEW_ENTRY = """\
  newcomer:
    description: "Comes and goes"
    runtime: python3.13
    handler: app.handler
    code: src/work
    memory: much
    timeout: 10
    triggers:
      - http: GET /newcomer
    tracing: true
"""
"""A function with one fault, at its `memory`."""


def manifest(lines: int) -> str:
    """A manifest without faults of about `lines` lines."""
    each = FUNCTION.count("\n") + RESOURCES.count("\n")
    count = max(1, (lines - HEAD.count("\n") - OUTPUTS.count("\n") - 2) // each)
    functions = "".join(
        FUNCTION.format(
            i=i, near=(i + 1) % count, memory=(128, 256, 512, 1024)[i % 4], timeout=10 + i % 50, batch=1 + i % 10
        )
        for i in range(count)
    )
    resources = "".join(RESOURCES.format(i=i) for i in range(count))
    return f"{HEAD}functions:\n{functions}resources:\n{resources}{OUTPUTS}"
