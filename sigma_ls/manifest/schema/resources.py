"""The types of resource, and the keys of each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sigma_ls.manifest.schema.functions import LOG_RETENTIONS
from sigma_ls.manifest.schema.patterns import NAME
from sigma_ls.manifest.schema.triggers import CORS
from sigma_ls.manifest.schema.types import (
    AWS,
    BOTH,
    Boolean,
    ByShape,
    Choice,
    Field,
    Id,
    Integer,
    Json,
    ListOf,
    MapOf,
    Platform,
    Record,
    Text,
    TypedRecord,
)

_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"

RAW_AWS = r"(?:AWS|Alexa|Custom)::[\w:@-]+"
RAW_GCP = r"google_\w+|gcp-types/\S+"

_TYPE = Field(
    name="type",
    type=Text(hint="a type"),
    required=True,
    doc="What it is: one of the named types, or a type of the cloud itself.",
)
_COMMON = (
    Field(
        name="existing",
        type=NAME,
        doc="Name, ARN or id of one that exists: nothing is generated, it is only wired.",
    ),
    Field(name="keep", type=Boolean(), default=False, doc="Whether it survives its removal and replacement."),
    Field(name="name", type=NAME, doc="The name in the cloud; without it, one derived from stack and id."),
    Field(
        name="properties",
        type=Json(references=True, mapping=True),
        doc="Properties of the generated resource, set directly.",
    ),
)


def _record(name: str, *fields: Field, link: str = "") -> Record:
    article = "an" if name[0] in "aei" else "a"
    head = Field(name="type", type=_TYPE.type, required=True, doc=_TYPE.doc, link=_CFN + link if link else "")
    return Record(f"{article} {name}", (head, *_COMMON, *fields))


_ATTRIBUTE_NAME = Text(r"[\s\S]{1,255}", "an attribute's name")
_KEY_RECORD = Record(
    "a table key",
    (
        Field(name="name", type=_ATTRIBUTE_NAME, required=True, doc="The attribute's name."),
        Field(
            name="type",
            type=Choice({"string": "", "number": "", "binary": ""}),
            default="string",
            doc="The attribute's type.",
        ),
    ),
)
TABLE_KEY = ByShape(scalar=_ATTRIBUTE_NAME, mapping=_KEY_RECORD)

_INDEX = Record(
    "an index",
    (
        Field(name="partitionKey", type=TABLE_KEY, required=True, doc="Its partition key: a name, or `{name, type}`."),
        Field(name="sortKey", type=TABLE_KEY, doc="Its sort key."),
        Field(
            name="project",
            type=ByShape(
                scalar=Choice({"all": "all attributes", "keys": "only keys"}),
                sequence=ListOf(_ATTRIBUTE_NAME, minimum=1),
            ),
            default="all",
            doc="The attributes that it copies: `all`, `keys` or a list of names.",
        ),
    ),
)
_THROUGHPUT = Record(
    "a provisioned capacity",
    (
        Field(name="read", type=Integer(1, 40_000, "units"), required=True, doc="Read capacity units."),
        Field(name="write", type=Integer(1, 40_000, "units"), required=True, doc="Write capacity units."),
    ),
)

BUCKET = _record(
    "bucket",
    Field(name="versioned", type=Boolean(), default=False, doc="Whether old versions of objects are kept."),
    Field(name="public", type=Boolean(), default=False, doc="Whether everyone may read its objects."),
    Field(name="cors", type=CORS, doc="Which web pages may use it; `true` for all."),
    Field(name="expireAfterDays", type=Integer(1, 36_500, "days"), doc="Days after which objects are removed."),
    link="aws-resource-s3-bucket.html",
)
TABLE = _record(
    "table",
    Field(
        name="partitionKey",
        type=TABLE_KEY,
        doc="The partition key: an attribute's name, or `{name, type}`; required unless the table exists.",
    ),
    Field(name="sortKey", type=TABLE_KEY, doc="The sort key: an attribute's name, or `{name, type}`."),
    Field(
        name="billing",
        type=ByShape(scalar=Choice({"onDemand": "pay for each request"}), mapping=_THROUGHPUT),
        default="onDemand",
        platforms=AWS,
        doc="`onDemand`, or provisioned capacity `{read, write}`.",
    ),
    Field(name="ttl", type=_ATTRIBUTE_NAME, platforms=AWS, doc="The attribute that says when an item expires."),
    Field(
        name="indexes",
        type=MapOf(_INDEX, key=Text(r"[\w.-]{3,255}", "3 to 255 letters, digits, '_', '-' and '.'"), what="index"),
        platforms=AWS,
        doc="Secondary indexes by name.",
    ),
    Field(
        name="stream",
        type=Text(
            r"arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table/[\w.-]+/stream/.+",
            "the ARN of a table's stream (arn:aws:dynamodb:region:account:table/name/stream/time)",
        ),
        platforms=AWS,
        doc="ARN of the stream of a table that exists, for triggers.",
    ),
    link="aws-resource-dynamodb-table.html",
)
QUEUE = _record(
    "queue",
    Field(
        name="fifo", type=Boolean(), default=False, platforms=AWS, doc="Whether order is kept and repeats are dropped."
    ),
    Field(
        name="visibilityTimeout",
        type=Integer(0, 43_200, "seconds"),
        doc="Seconds for which a received message is hidden; at least the timeout of a function that it triggers.",
    ),
    Field(name="retention", type=Integer(60, 1_209_600, "seconds"), doc="Seconds for which messages are kept."),
    Field(
        name="deadLetter",
        type=ByShape(
            scalar=Id(kinds=("queue",), role="the dead-letter queue"),
            mapping=Record(
                "a dead-letter queue",
                (
                    Field(
                        name="queue",
                        type=Id(kinds=("queue",), role="the dead-letter queue"),
                        required=True,
                        doc="The queue that takes them.",
                    ),
                    Field(name="after", type=Integer(1, 1000, "receives"), default=3, doc="Receives before that."),
                ),
            ),
        ),
        doc="The queue for messages that were received too often: an id, or `{queue, after}`.",
    ),
    link="aws-resource-sqs-queue.html",
)
TOPIC = _record(
    "topic",
    Field(
        name="fifo", type=Boolean(), default=False, platforms=AWS, doc="Whether order is kept and repeats are dropped."
    ),
    link="aws-resource-sns-topic.html",
)
STREAM = _record(
    "stream",
    Field(name="shards", type=Integer(1, 10_000, "shards"), doc="Shards; without it, capacity on demand."),
    Field(name="retention", type=Integer(24, 8760, "hours"), default=24, doc="Hours for which records are kept."),
    link="aws-resource-kinesis-stream.html",
)
_DOMAIN = Record(
    "a domain",
    (
        Field(
            name="name",
            type=Text(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", "a domain name in small letters"),
            required=True,
            doc="The domain name, such as api.example.com.",
        ),
        Field(
            name="certificate",
            type=Text(
                r"arn:[\w-]+:acm:[\w-]+:\d{12}:certificate/\S+",
                "the ARN of a certificate (arn:aws:acm:region:account:certificate/id)",
            ),
            doc="ARN of a certificate for it, of the api's own region; without it one is made, which needs `zone`.",
        ),
        Field(
            name="zone",
            type=Text(r"Z[A-Z0-9]{1,31}", "the id of a hosted zone, such as Z0123456789ABCDEFGHIJ"),
            doc="Id of the hosted zone of Route 53 in which its records are made; without it, you make them.",
        ),
    ),
)
API = _record(
    "api",
    Field(
        name="kind",
        type=Choice({"http": "HTTP API: faster and cheaper", "rest": "REST API: more options"}),
        default="http",
        doc="Which kind of API.",
    ),
    Field(name="cors", type=CORS, doc="Which web pages may call; `true` for all."),
    Field(name="domain", type=_DOMAIN, doc="A domain name for it: `{name, certificate}` or `{name, zone}`."),
    link="aws-resource-apigatewayv2-api.html",
)
USER_POOL = _record(
    "userPool",
    Field(
        name="signIn",
        type=ListOf(Choice({"email": "", "phone": "", "username": ""}), single=True, minimum=1),
        doc="What users sign in with.",
    ),
    Field(
        name="clients",
        type=MapOf(
            Record(
                "a client",
                (
                    Field(name="secret", type=Boolean(), default=False, doc="Whether it has a secret."),
                    Field(
                        name="callbacks", type=ListOf(Text(r"\S+:\S+", "a URL"), single=True), doc="URLs after sign-in."
                    ),
                ),
            ),
            key=Text(r"[\w-]{1,64}", "letters, digits, '_' and '-'"),
            what="client",
        ),
        doc="Applications that sign users in, by name.",
    ),
    link="aws-resource-cognito-userpool.html",
)
SECRET = _record(
    "secret",
    Field(name="description", type=Text(), doc="What it holds."),
    link="aws-resource-secretsmanager-secret.html",
)
DATABASE = _record(
    "database",
    Field(name="engine", type=Text(r"\S+", "an engine such as postgres or aurora-postgresql"), doc="The engine."),
    Field(name="size", type=Text(r"\S+", "an instance class such as db.t4g.micro"), doc="The instance class."),
    Field(name="storage", type=Integer(5, 65_536, "GB"), doc="Storage in GB."),
    link="aws-resource-rds-dbinstance.html",
)
CACHE = _record(
    "cache",
    Field(name="engine", type=Choice({"redis": "", "valkey": "", "memcached": ""}), doc="The engine."),
    Field(name="size", type=Text(r"\S+", "a node type such as cache.t4g.micro"), doc="The node type."),
    Field(name="nodes", type=Integer(1, 90, "nodes"), doc="Nodes."),
    link="aws-resource-elasticache-cachecluster.html",
)
EVENT_BUS = _record("eventBus", link="aws-resource-events-eventbus.html")
LOG_GROUP = _record(
    "logGroup",
    Field(
        name="retention",
        type=Integer(unit="days", allowed=LOG_RETENTIONS),
        doc="Days for which logs are kept; without it, for ever.",
    ),
    link="aws-resource-logs-loggroup.html",
)
STATE_MACHINE = _record(
    "stateMachine",
    Field(
        name="definition",
        type=ByShape(scalar=Text(r"\S[\s\S]*", "a file"), mapping=Json(references=True, mapping=True)),
        doc="The states, in Amazon States Language: a mapping, or a file that holds it.",
    ),
    link="aws-resource-stepfunctions-statemachine.html",
)
RAW = Record("a resource of a type of the cloud", (_TYPE, *_COMMON))

RESOURCES: Mapping[str, Record] = {
    "bucket": BUCKET,
    "table": TABLE,
    "queue": QUEUE,
    "topic": TOPIC,
    "stream": STREAM,
    "api": API,
    "userPool": USER_POOL,
    "secret": SECRET,
    "database": DATABASE,
    "cache": CACHE,
    "eventBus": EVENT_BUS,
    "logGroup": LOG_GROUP,
    "stateMachine": STATE_MACHINE,
}
_ON_GCP = ("bucket", "topic", "queue", "table", "secret", "database")
RESOURCE_PLATFORMS: Mapping[str, frozenset[Platform]] = {name: BOTH if name in _ON_GCP else AWS for name in RESOURCES}

_RAW = {"aws": re.compile(RAW_AWS), "gcp": re.compile(RAW_GCP)}


def is_raw(name: str, platform: Platform | None = None) -> bool:
    """Whether a type is one of the cloud itself."""
    return any(pattern.fullmatch(name) for each, pattern in _RAW.items() if platform in {None, each})


def is_type(name: str) -> bool:
    """Whether a type is one that resources can have, on any platform."""
    return name in RESOURCES or is_raw(name)


RESOURCE = TypedRecord("a resource", RESOURCES, RESOURCE_PLATFORMS, RAW)
