"""The manifest's top level, its stages, and the blocks of the platforms."""

from __future__ import annotations

from sigma_ls.manifest.schema.functions import ENVIRONMENT, FUNCTION, GCP_ENVIRONMENT
from sigma_ls.manifest.schema.patterns import (
    ID,
    NAME,
    OUTPUT_NAME,
    PATH,
    PLATFORM,
    PROJECT_NAME,
    REGION,
    STACK_NAME,
    STAGE_NAME,
)
from sigma_ls.manifest.schema.resources import RESOURCE
from sigma_ls.manifest.schema.types import (
    AWS,
    GCP,
    ByShape,
    Choice,
    Field,
    Json,
    MapOf,
    Record,
    References,
    Text,
)

_TAG_KEY = Text(r"(?![aA][wW][sS]:)[^\x00]{1,128}", "at most 128 characters, and not 'aws:' first")
_TAG_VALUE = Text(r"[^\x00]{0,256}", "a text of at most 256 characters", numbers=True)
_LABEL_KEY = Text(r"[a-z][a-z0-9_-]{0,62}", "lower-case letters, digits, '_' and '-', a letter first")
_LABEL_VALUE = Text(r"[a-z0-9_-]{0,63}", "a text of lower-case letters, digits, '_' and '-'", numbers=True)

_ARTIFACTS = Field(
    name="artifacts",
    type=Text(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]", "a bucket's name"),
    doc="An existing bucket for builds; without it, one that is made and kept.",
)

AWS_BLOCK = Record(
    "the aws block",
    (
        Field(name="region", type=REGION, required=True, doc="The region that is deployed to."),
        Field(name="profile", type=NAME, doc="A profile of the shared AWS configuration."),
        _ARTIFACTS,
        Field(
            name="role",
            type=Text(r"arn:[\w-]+:iam::\d{12}:role/.+", "the ARN of a role"),
            doc="A role that CloudFormation takes for the deployment.",
            link="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
        ),
        Field(name="tags", type=MapOf(_TAG_VALUE, key=_TAG_KEY, what="tag"), doc="Tags for the stack and all in it."),
    ),
    foreign={"project": "", "engine": "", "serviceAccount": "", "labels": "tags"},
)
GCP_BLOCK = Record(
    "the gcp block",
    (
        Field(
            name="project",
            type=Text(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]", "a project's id, such as my-project-123"),
            required=True,
            doc="The id of the Google Cloud project that is deployed to.",
        ),
        Field(name="region", type=REGION, required=True, doc="The region that is deployed to."),
        Field(
            name="engine",
            type=Choice(
                {
                    "infrastructure-manager": "Terraform, run by Google",
                    "deployment-manager": "the older service; its support ended on 2026-03-31",
                }
            ),
            default="infrastructure-manager",
            doc="The service that deploys.",
        ),
        Field(
            name="serviceAccount",
            type=Text(r"\S+@\S+", "the address of a service account"),
            doc="The account that deploys; required by infrastructure-manager, unused by the other.",
        ),
        _ARTIFACTS,
        Field(
            name="labels",
            type=MapOf(_LABEL_VALUE, key=_LABEL_KEY, what="label"),
            doc="Labels for everything that is made.",
        ),
    ),
    foreign={"profile": "", "role": "", "tags": "labels"},
)

_AWS = Field(name="aws", type=AWS_BLOCK, platforms=AWS, doc="Where and how to deploy on AWS.")
_GCP = Field(name="gcp", type=GCP_BLOCK, platforms=GCP, doc="Where and how to deploy on Google Cloud.")
_ENVIRONMENT = Field(
    name="environment",
    type=ENVIRONMENT,
    gcp=GCP_ENVIRONMENT,
    doc="Environment variables of every function; a function's own win.",
)
_FUNCTIONS = Field(name="functions", type=MapOf(FUNCTION, key=ID, what="function"), doc="The functions, by id.")
_RESOURCES = Field(
    name="resources",
    type=MapOf(RESOURCE, key=ID, what="resource"),
    doc="Buckets, tables, queues and whatever else the functions need, by id.",
)

STAGE = Record("a stage", (_AWS, _GCP, _ENVIRONMENT, _FUNCTIONS, _RESOURCES))

OUTPUT = Record(
    "an output",
    (
        Field(
            name="value",
            type=Text(hint="a text", references=References.ALL, numbers=True),
            required=True,
            doc="What is shown after a deployment; `${id.attribute}` stands for what the cloud gave.",
        ),
        Field(name="description", type=Text(r"[\s\S]{0,1024}", "a text of at most 1024 characters"), doc="What it is."),
    ),
)

MANIFEST = Record(
    "a manifest",
    (
        Field(name="name", type=PROJECT_NAME, required=True, doc="The project's name."),
        Field(
            name="description",
            type=Text(r"[\s\S]{0,1024}", "a text of at most 1024 characters"),
            doc="What the project does.",
        ),
        Field(name="version", type=Text(r"[^\x00]{1,128}", "a version", numbers=True), doc="The project's version."),
        Field(name="platform", type=PLATFORM, required=True, doc="The cloud that is deployed to: `aws` or `gcp`."),
        _AWS,
        _GCP,
        Field(
            name="stages",
            type=MapOf(STAGE, key=STAGE_NAME, what="stage"),
            doc="Variants of the project, such as dev and prod; the first one is the default.",
        ),
        Field(
            name="stack",
            type=STACK_NAME,
            doc="The stack's name; without it `<name>`, or `<name>-<stage>` when stages are declared.",
        ),
        _ENVIRONMENT,
        _FUNCTIONS,
        _RESOURCES,
        Field(
            name="outputs",
            type=MapOf(OUTPUT, key=OUTPUT_NAME, what="output"),
            doc="What to show after a deployment.",
        ),
        Field(
            name="template",
            type=ByShape(scalar=PATH, mapping=Json(mapping=True)),
            doc="Merged over the generated template: a mapping, or the path of a file that holds one.",
        ),
    ),
)

SECTIONS = frozenset(("functions", "resources", "stages", "outputs"))
"""Top-level keys whose entries are analysed one by one."""
