"""The kinds of trigger: what calls a function."""

from __future__ import annotations

from sigma_ls.manifest.schema.patterns import HTTP_METHODS, ROUTE, SCHEDULE, TIME_ZONE, UNIX_CRON
from sigma_ls.manifest.schema.types import (
    AWS,
    BOTH,
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
    Platform,
    Record,
    References,
    Text,
    Type,
)

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"

CORS_RECORD = Record(
    "cors",
    (
        Field(
            name="origins", type=ListOf(Text(r"\S+", "an origin")), default=["*"], doc="Origins of pages that may call."
        ),
        Field(
            name="methods",
            type=ListOf(Choice({**dict.fromkeys(HTTP_METHODS, ""), "*": "all"})),
            default=["*"],
            doc="Methods that such pages may use.",
        ),
        Field(name="headers", type=ListOf(Text(r"\S+", "a header")), default=["*"], doc="Headers that they may send."),
        Field(
            name="exposeHeaders", type=ListOf(Text(r"\S+", "a header")), default=[], doc="Headers that they may read."
        ),
        Field(name="credentials", type=Boolean(), default=False, doc="Whether cookies and authorization may be sent."),
        Field(name="maxAge", type=Integer(0, 86_400, "seconds"), doc="Seconds for which browsers remember the answer."),
    ),
)
CORS = ByShape(mapping=CORS_RECORD, boolean=True)

_PATTERN = Json(references=True, mapping=True)
FILTER = ByShape(mapping=_PATTERN, sequence=ListOf(_PATTERN, minimum=1, maximum=5))
"""Five filters on an event source at most: AWS Lambda developer guide, *Control which events Lambda sends*."""

_START = Field(
    name="start",
    type=Choice({"latest": "from now on", "oldest": "with the oldest record that is kept"}),
    default="latest",
    doc="Where reading starts when the trigger is made.",
)
_FILTER = Field(
    name="filter",
    type=FILTER,
    doc="A pattern, or a list of which any may match: others do not call the function.",
    link=_LAMBDA + "invocation-eventfiltering.html",
)


def _batch(most: int) -> Field:
    return Field(name="batch", type=Integer(1, most, "records"), doc="Most records in one call.")


_WINDOW = Field(name="window", type=Integer(0, 300, "seconds"), doc="Seconds for which a batch is collected.")

BUCKET_EVENTS = {
    "created": "an object was stored, in whichever way",
    "created:put": "by PUT",
    "created:post": "by POST",
    "created:copy": "by a copy",
    "created:multipart": "by an upload in parts",
    "removed": "an object was removed",
    "removed:delete": "for good",
    "removed:marker": "by a delete marker",
}
_GCP_BUCKET_EVENTS = {
    "created": "an object was stored",
    "removed": "an object was removed",
    "archived": "a version became non-current",
    "metadata": "an object's metadata changed",
}
_USER_POOL_EVENTS = dict.fromkeys(
    [
        "preSignUp",
        "postConfirmation",
        "preAuthentication",
        "postAuthentication",
        "customMessage",
        "defineAuthChallenge",
        "createAuthChallenge",
        "verifyAuthChallengeResponse",
        "preTokenGeneration",
        "userMigration",
    ],
    "",
)
_DOCUMENT_EVENTS = {"created": "", "updated": "", "deleted": "", "written": "any of them"}


def _source(kind: str, article: str = "a") -> Id:
    return Id(kinds=(kind,), role=f"the source of {article} {kind} trigger")


def _kind(
    name: str,
    value: Type,
    doc: str,
    *further: Field,
    platforms: frozenset[Platform] = BOTH,
    gcp: Type | None = None,
    link: str = "",
) -> Record:
    head = Field(name=name, type=value, gcp=gcp, required=True, platforms=platforms, doc=doc, link=link)
    article = "an" if name[0] in "aei" or name == "http" else "a"
    return Record(f"{article} {name} trigger", (head, *further))


TRIGGERS: dict[str, Record] = {
    "http": _kind(
        "http",
        ROUTE,
        "An HTTP request: `METHOD /path`, with `{name}` and `{rest+}` in the path, or `default`.",
        Field(
            name="api",
            type=Id(kinds=("api",), role="the api of an http trigger"),
            platforms=AWS,
            doc="The api that gets the route; without it, the project's implicit one, `api`.",
        ),
        Field(
            name="auth",
            type=Id(
                kinds=("userPool",),
                words={"none": "anyone may call", "iam": "callers sign with AWS credentials"},
                role="what authorizes callers",
            ),
            default="none",
            platforms=AWS,
            doc="Who may call: `none` (everyone), `iam`, or the users of a user pool.",
        ),
        Field(name="cors", type=CORS, doc="Which web pages may call; `true` for all."),
        gcp=Choice({"default": "the function's own URL"}),
        link="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html",
    ),
    "url": _kind(
        "url",
        Choice({"public": "anyone may call", "iam": "callers sign with AWS credentials"}),
        "A URL of the function's own.",
        Field(name="cors", type=CORS, platforms=AWS, doc="Which web pages may call; `true` for all."),
        platforms=AWS,
        link=_LAMBDA + "urls-configuration.html",
    ),
    "schedule": _kind(
        "schedule",
        SCHEDULE,
        "The time: `rate(5 minutes)` or `cron(0 12 * * ? *)`; five fields of unix cron on Google Cloud.",
        Field(name="input", type=Json(references=True), doc="What the function gets: JSON, or a text as it is."),
        Field(name="timezone", type=TIME_ZONE, doc="The time zone."),
        Field(name="enabled", type=Boolean(), default=True, doc="Whether it is switched on."),
        gcp=UNIX_CRON,
        link="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
    ),
    "event": _kind(
        "event",
        Record(
            "an event pattern",
            (
                Field(
                    name="source", type=ListOf(Json(references=True), single=True), platforms=AWS, doc="Who sent it."
                ),
                Field(
                    name="detailType",
                    type=ListOf(Json(references=True), single=True),
                    platforms=AWS,
                    doc="What happened.",
                ),
                Field(
                    name="detail",
                    type=Json(references=True, mapping=True),
                    platforms=AWS,
                    doc="A pattern for its contents.",
                ),
            ),
        ),
        "An event on an event bus that matches a pattern.",
        Field(
            name="bus",
            type=Id(
                kinds=("eventBus",), words={"default": "the account's own bus"}, role="the bus of an event trigger"
            ),
            default="default",
            platforms=AWS,
            doc="The event bus.",
        ),
        platforms=AWS,
        link="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html",
    ),
    "bucket": _kind(
        "bucket",
        _source("bucket"),
        "Objects that are created in a bucket, or removed.",
        Field(
            name="events",
            type=ListOf(Choice(BUCKET_EVENTS), single=True, minimum=1),
            gcp=ListOf(Choice(_GCP_BUCKET_EVENTS), single=True, minimum=1),
            default=["created"],
            doc="Which of its events call the function.",
        ),
        Field(name="prefix", type=Text(r".*", "the start of a key"), doc="Only objects whose key starts so."),
        Field(name="suffix", type=Text(r".*", "the end of a key"), doc="Only objects whose key ends so."),
        link=_LAMBDA + "with-s3.html",
    ),
    "table": _kind(
        "table",
        _source("table"),
        "Changes of a table's items, in order.",
        Field(
            name="view",
            type=Choice({"keys": "", "new": "", "old": "", "both": "the item before and after"}),
            default="both",
            platforms=AWS,
            doc="What a record shows of the item.",
        ),
        _START,
        _batch(10_000),
        _WINDOW,
        _FILTER,
        platforms=AWS,
        link=_LAMBDA + "with-ddb.html",
    ),
    "stream": _kind(
        "stream",
        _source("stream"),
        "Records of a data stream.",
        _START,
        _batch(10_000),
        _WINDOW,
        Field(
            name="parallel", type=Integer(1, 10, "batches"), doc="Batches of one shard that are processed at a time."
        ),
        _FILTER,
        platforms=AWS,
        link=_LAMBDA + "with-kinesis.html",
    ),
    "queue": _kind(
        "queue",
        _source("queue"),
        "Messages of a queue.",
        _batch(10_000),
        _WINDOW,
        Field(name="maxConcurrency", type=Integer(2, 1000, "calls"), doc="Most calls at a time that this queue makes."),
        _FILTER,
        platforms=AWS,
        link=_LAMBDA + "with-sqs.html",
    ),
    "topic": _kind(
        "topic",
        _source("topic"),
        "Messages that are published to a topic.",
        _FILTER,
        Field(
            name="filterScope",
            type=Choice({"attributes": "the message's attributes", "body": "its JSON body"}),
            default="attributes",
            doc="What the filter looks at.",
        ),
        link=_LAMBDA + "with-sns.html",
    ),
    "userPool": _kind(
        "userPool",
        _source("userPool"),
        "A step of a user pool's sign-up, sign-in or messages.",
        Field(
            name="on",
            type=Choice(_USER_POOL_EVENTS),
            required=True,
            platforms=AWS,
            doc="The step that calls the function.",
        ),
        platforms=AWS,
        link="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html",
    ),
    "logs": _kind(
        "logs",
        Id(kinds=("logGroup",), free=True, role="the source of a logs trigger"),
        "Lines of a log group: its name, or the id of a declared one.",
        Field(
            name="filter",
            type=Text(hint="a filter pattern", references=References.ALL),
            default="",
            doc="Only lines that match.",
        ),
        platforms=AWS,
        link=_LAMBDA + "services-cloudwatchlogs.html",
    ),
    "alexa": _kind(
        "alexa",
        Text(r"amzn1\.ask\.skill\.[0-9a-fA-F-]+", "a skill id (amzn1.ask.skill.…)"),
        "Requests of an Alexa skill.",
        platforms=AWS,
    ),
    "iot": _kind(
        "iot",
        Text(r"\s*[sS][eE][lL][eE][cC][tT]\s[\s\S]+", "an SQL statement: SELECT … FROM 'topic'"),
        "MQTT messages that an SQL statement selects.",
        platforms=AWS,
        link="https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html",
    ),
    "document": _kind(
        "document",
        Text(r"[^/\s]+(/[^/\s]+)+", "a path such as users/{user}"),
        "Changes of a Firestore document, named by a path with `{wildcards}`.",
        Field(
            name="events",
            type=ListOf(Choice(_DOCUMENT_EVENTS), single=True, minimum=1),
            default=["created"],
            platforms=GCP,
            doc="Which of its events call the function.",
        ),
        Field(name="database", type=Text(r"\S+", "a database's id"), platforms=GCP, doc="The Firestore database."),
        platforms=GCP,
    ),
}

TRIGGER = KindRecord("a trigger", TRIGGERS)
