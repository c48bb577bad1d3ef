"""The keys of a function, and of its environment."""

from __future__ import annotations

from sigma_ls.manifest.facts.runtimes import KNOWN
from sigma_ls.manifest.schema.patterns import ENVIRONMENT_NAME, GCP_ENVIRONMENT_NAME, LAYER, PATH
from sigma_ls.manifest.schema.triggers import TRIGGER
from sigma_ls.manifest.schema.types import (
    AWS,
    GCP,
    Boolean,
    ByShape,
    Choice,
    Field,
    Id,
    Integer,
    Json,
    KindRecord,
    ListOf,
    MapOf,
    Record,
    References,
    Text,
)

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"

AWS_RUNTIMES = [
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "nodejs24.x",
    "nodejs22.x",
    "java25",
    "java21",
    "java17",
    "dotnet10",
    "ruby4.0",
    "ruby3.4",
    "ruby3.3",
    "provided.al2023",
]
"""Those one would choose today; others that are known are let through, and the rest with a warning."""
GCP_RUNTIMES = [
    "python314",
    "python313",
    "python312",
    "python311",
    "python310",
    "nodejs24",
    "nodejs22",
    "nodejs20",
    "go125",
    "go124",
    "go123",
    "java25",
    "java21",
    "java17",
    "dotnet8",
    "ruby34",
    "ruby33",
    "php84",
    "php83",
]

LOG_RETENTIONS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""Days; Amazon CloudWatch Logs API reference, *PutRetentionPolicy*."""

ENVIRONMENT_VALUE = ByShape(
    scalar=Text(hint="a text, number or boolean", references=References.ALL, numbers=True),
    mapping=KindRecord(
        "an environment value",
        {
            "ask": Record(
                "a value to ask for",
                (
                    Field(
                        name="ask",
                        type=Text(r".+", "the question's title"),
                        required=True,
                        doc="Asked for at deployment under this title, passed as a secret and written nowhere.",
                    ),
                ),
            ),
            "secret": Record(
                "a secret",
                (
                    Field(
                        name="secret",
                        type=Id(kinds=("secret",), free=True, role="the secret"),
                        required=True,
                        doc="Read from the cloud's secret store: the id of a declared secret, else the name in the store.",
                    ),
                    Field(
                        name="key",
                        type=Text(r".+", "a key of the secret's JSON"),
                        doc="The key of the secret's JSON to take; without it, the whole string.",
                    ),
                ),
            ),
        },
    ),
)

ENVIRONMENT = MapOf(ENVIRONMENT_VALUE, key=ENVIRONMENT_NAME, what="variable")
GCP_ENVIRONMENT = MapOf(ENVIRONMENT_VALUE, key=GCP_ENVIRONMENT_NAME, what="variable")

_VPC = Record(
    "a vpc",
    (
        Field(
            name="subnets",
            type=ListOf(Text(r"subnet-[0-9a-f]+", "a subnet's id (subnet-…)"), minimum=1),
            required=True,
            doc="The subnets that the function is connected to.",
        ),
        Field(
            name="securityGroups",
            type=ListOf(Text(r"sg-[0-9a-f]+", "a security group's id (sg-…)"), minimum=1),
            required=True,
            doc="The security groups of the function's network interfaces.",
        ),
    ),
)

FUNCTION = Record(
    "a function",
    (
        Field(
            name="description",
            type=Text(r"[\s\S]{0,256}", "a text of at most 256 characters"),
            doc="What the function does.",
        ),
        Field(
            name="runtime",
            type=Choice(dict.fromkeys(AWS_RUNTIMES, ""), open=True, also=KNOWN),
            gcp=Choice(dict.fromkeys(GCP_RUNTIMES, ""), open=True),
            required=True,
            doc="The language and version that the code runs on.",
            link=_LAMBDA + "lambda-runtimes.html",
        ),
        Field(
            name="handler",
            type=Text(r"[^\s]{1,128}", "what the runtime calls, such as app.handler"),
            required=True,
            doc="What the runtime calls: `module.function` for Python and Node.js; the entry point on Google Cloud.",
            link=_LAMBDA + "python-handler.html",
        ),
        Field(
            name="code",
            type=PATH,
            required=True,
            doc="The folder (or .zip) of the code, relative to the manifest and inside the project.",
        ),
        Field(
            name="memory",
            type=Integer(128, 10_240, "MB"),
            gcp=Integer(128, 32_768, "MB"),
            default=256,
            doc="Memory in MB; on AWS the share of CPU grows with it.",
            link=_LAMBDA + "configuration-memory.html",
        ),
        Field(
            name="timeout",
            type=Integer(1, 900, "seconds"),
            gcp=Integer(1, 3600, "seconds"),
            default=15,
            doc="Seconds after which a call is ended.",
            link=_LAMBDA + "configuration-timeout.html",
        ),
        Field(
            name="architecture",
            type=Choice({"x86_64": "64-bit x86", "arm64": "64-bit ARM (Graviton): cheaper for most code"}),
            default="x86_64",
            platforms=AWS,
            doc="The instruction set that the code is built for and runs on.",
            link=_LAMBDA + "foundation-arch.html",
        ),
        Field(
            name="ephemeralStorage",
            type=Integer(512, 10_240, "MB"),
            default=512,
            platforms=AWS,
            doc="Size of `/tmp` in MB.",
            link=_LAMBDA + "configuration-ephemeral-storage.html",
        ),
        Field(
            name="concurrency",
            type=Integer(0, None, "calls"),
            gcp=Integer(1, 1000, "calls"),
            doc="Calls that are reserved for the function, and the most it runs at a time.",
            link=_LAMBDA + "configuration-concurrency.html",
        ),
        Field(
            name="logRetention",
            type=Integer(unit="days", allowed=LOG_RETENTIONS),
            doc="Days for which logs are kept; without it, for ever.",
            link="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
        ),
        Field(name="tracing", type=Boolean(), default=False, doc="Whether calls are traced (AWS X-Ray, Cloud Trace)."),
        Field(
            name="layers",
            type=ListOf(LAYER, maximum=5),
            platforms=AWS,
            doc="ARNs of layer versions, at most five.",
            link=_LAMBDA + "chapter-layers.html",
        ),
        Field(name="vpc", type=_VPC, doc="The private network that the function is connected to."),
        Field(
            name="deadLetter",
            type=Id(kinds=("queue", "topic"), role="the dead-letter target"),
            doc="A queue or topic that takes the events that failed after all retries.",
            link=_LAMBDA + "invocation-async-retain-records.html",
        ),
        Field(
            name="environment",
            type=ENVIRONMENT,
            gcp=GCP_ENVIRONMENT,
            doc="Environment variables of this function; they win over the project's.",
        ),
        Field(
            name="triggers",
            type=ListOf(TRIGGER),
            doc="What calls the function.",
        ),
        Field(
            name="uses",
            type=MapOf(
                ListOf(Text(hint="an operation"), single=True, minimum=1),
                key=Id(role="what is used"),
                what="used resource",
            ),
            doc="Operations of the code on resources and functions; each becomes the smallest permission for it.",
        ),
        Field(
            name="permissions",
            type=ListOf(Json(references=True, mapping=True)),
            platforms=AWS,
            doc="IAM statements of your own, merged with the generated ones.",
            link="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html",
        ),
        Field(
            name="roles",
            type=ListOf(
                Text(
                    r"(roles|projects/[^/]+/roles|organizations/\d+/roles)/[\w.]+",
                    "a role such as roles/storage.objectViewer",
                )
            ),
            platforms=GCP,
            doc="Roles that the function's service account gets on the project.",
        ),
        Field(
            name="serviceAccount",
            type=Text(r"\S+@\S+", "the address of a service account"),
            platforms=GCP,
            doc="The service account that the function runs as.",
        ),
        Field(
            name="ingress",
            type=Choice(
                {"all": "anyone", "internal": "the project's networks", "internal-and-gclb": "and load balancers"}
            ),
            platforms=GCP,
            doc="Where calls may come from.",
        ),
        Field(name="minInstances", type=Integer(0, 1000), platforms=GCP, doc="Instances that are always kept running."),
        Field(name="maxInstances", type=Integer(1, 3000), platforms=GCP, doc="The most instances that run at a time."),
    ),
)
