"""The texts that ids, names and routes may be, with the words that say so."""

from __future__ import annotations

from sigma_ls.manifest.schema.types import Choice, References, Text

ID_PATTERN = r"[a-zA-Z][a-zA-Z0-9-]{0,62}"

ID = Text(ID_PATTERN, "letters, digits and hyphens, a letter first, at most 63 characters")
NAME = Text(r".{1,255}", "a text of at most 255 characters")
ARN = Text(r"arn:[\w-]+:[\w-]+:[\w-]*:\d{0,12}:.+", "an ARN (arn:aws:service:region:account:resource)")
LAYER = Text(
    r"arn:[\w-]+:lambda:(?:[\w-]+:\d{12}:layer:[\w-]+:\d+|::awslayer:[\w-]+)",
    "the ARN of a layer's version (arn:aws:lambda:…:layer:name:3)",
)
REGION = Text(r"[a-z]{2,}(-[a-z]+)+-?\d+", "a region such as eu-west-1", examples=("eu-west-1", "us-east-1"))
PATH = Text(r"[^\x00]{1,4096}", "a path relative to the manifest")

HTTP_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
ROUTE = Text(
    rf"default|(?:{'|'.join(HTTP_METHODS)}) /\S*",
    f"'METHOD /path' with one of {', '.join(HTTP_METHODS)}, or 'default'",
    examples=("GET /images/{id}", "POST /images", "ANY /{path+}", "default"),
)
SCHEDULE = Text(r"(?:rate|cron|at)\(.+\)", "rate(5 minutes) or cron(0 12 * * ? *)", examples=("rate(5 minutes)",))
TIME_ZONE = Text(r"[\w+-]+(/[\w+-]+)*", "a zone such as Europe/Berlin")
UNIX_CRON = Text(r"\S+( \S+){4}", "five fields of unix cron, such as '*/5 * * * *'", examples=("*/5 * * * *",))

ENVIRONMENT_NAME = Text(
    r"[a-zA-Z][a-zA-Z0-9_]+",
    "letters, digits and underscores, a letter first, at least two characters",
    reserved=frozenset(("_HANDLER", "_X_AMZN_TRACE_ID")),
)
"""AWS Lambda developer guide, *Working with Lambda environment variables*: one letter alone is refused."""
GCP_ENVIRONMENT_NAME = Text(r"[a-zA-Z][a-zA-Z0-9_]*", "letters, digits and underscores, a letter first")
"""Google Cloud takes nearly anything; this is what a program can read everywhere."""
OUTPUT_NAME = Text(r"[a-zA-Z0-9]{1,255}", "letters and digits only")
STAGE_NAME = Text(r"[a-zA-Z][a-zA-Z0-9-]{0,31}", "letters, digits and hyphens, a letter first, at most 32 characters")
PROJECT_NAME = Text(r"[a-zA-Z][a-zA-Z0-9-]{0,62}", "letters, digits and hyphens, a letter first, at most 63 characters")
STACK_NAME = Text(
    r"[a-zA-Z](?:[a-zA-Z0-9-]|\$\{(?:project|stage)\})*|\$\{project\}(?:[a-zA-Z0-9-]|\$\{(?:project|stage)\})*",
    "letters, digits, hyphens, ${project} and ${stage}, a letter first",
    references=References.PROJECT,
)

PLATFORM = Choice({"aws": "Amazon Web Services", "gcp": "Google Cloud"})
