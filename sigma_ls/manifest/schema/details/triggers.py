"""Long descriptions: triggers."""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.manifest.schema.details.detail import Detail

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
_GCP = "https://cloud.google.com/"
_DYNAMO = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_EVENTBRIDGE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"
_SCHEDULER = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/"
_FILTER = "filter: {body: {kind: [image]}}"

DETAILS: Mapping[str, Mapping[str, Detail]] = {
    "cors": {
        "origins": Detail("`*` is every page.", "origins: [https://example.com]"),
        "methods": Detail("`*` is every method.", "methods: [GET, POST]"),
        "headers": Detail("`*` is every header.", "headers: [content-type, authorization]"),
        "exposeHeaders": Detail("Beyond the few that every page may read.", "exposeHeaders: [etag]"),
        "credentials": Detail("Browsers then refuse `*` as origin.", "credentials: true"),
        "maxAge": Detail("Until then they do not ask again whether they may call.", "maxAge: 3600"),
    },
    "an http trigger": {
        "http": Detail(
            "`{name}` is one part of the path, `{rest+}` all that follows, `ANY` every method, and `default` whatever no "
            "other route takes. On Google Cloud only `default`.",
            "http: GET /images/{id}",
        ),
        "api": Detail(
            "Functions of one project share an api; another one is another address.", "api: shop", _API + "welcome.html"
        ),
        "auth": Detail(
            "With a user pool, callers send a token of one of its clients in the header `Authorization`.",
            "auth: iam",
            _API + "http-api-access-control.html",
        ),
        "cors": Detail(
            "Browsers let other sites' pages call only then. It holds for the whole route.",
            "cors: {origins: [https://example.com], credentials: true}",
            _API + "http-api-cors.html",
        ),
    },
    "a url trigger": {
        "url": Detail("Without an api between: one address, all paths and methods.", "url: public"),
        "cors": Detail(
            "Browsers let other sites' pages call only then.", "cors: true", _LAMBDA + "urls-configuration.html"
        ),
    },
    "a schedule trigger": {
        "schedule": Detail(
            "`cron` has six fields on AWS: minutes, hours, day of month, month, day of week, year; one of the two days "
            "is `?`. `rate(1 minute)` is singular.",
            "schedule: cron(0 12 * * ? *)",
        ),
        "input": Detail("A mapping, list or number is sent as JSON, a text as it is.", "input: {kind: nightly}"),
        "timezone": Detail(
            "A name of the IANA database; without it, UTC. Daylight saving is followed.",
            "timezone: Europe/Berlin",
            _SCHEDULER + "schedule-types.html",
        ),
        "enabled": Detail("For stages in which nothing should run by itself.", "enabled: false"),
    },
    "an event trigger": {
        "event": Detail(
            "The event must match every key; of a list any may match.",
            "event: {source: aws.s3, detailType: Object Created}",
        ),
        "bus": Detail(
            "Services of AWS send to `default`; own events can have a bus of their own.",
            "bus: default",
            _EVENTBRIDGE + "eb-event-bus.html",
        ),
    },
    "an event pattern": {
        "source": Detail("Services of AWS are called `aws.` and their name.", "source: aws.s3"),
        "detailType": Detail("As the sender calls it.", "detailType: Object Created"),
        "detail": Detail(
            "Leaves are lists of the values that match, or of conditions on them.",
            "detail: {bucket: {name: [images]}}",
        ),
    },
    "a bucket trigger": {
        "bucket": Detail(
            "Notifications that overlap are refused by AWS: two triggers of one bucket must differ in `events`, `prefix` "
            "or `suffix`.",
            "bucket: images",
        ),
        "events": Detail("`created` is any way of storing, `removed` any of removing.", "events: [created, removed]"),
        "prefix": Detail("Case matters.", "prefix: uploads/", _S3 + "notification-how-to-filtering.html"),
        "suffix": Detail("Case matters.", "suffix: .jpg", _S3 + "notification-how-to-filtering.html"),
    },
    "a table trigger": {
        "table": Detail("The table's stream is switched on with it.", "table: sizes"),
        "view": Detail(
            "One for all triggers of the table: where they differ, both.",
            "view: both",
            _DYNAMO + "Streams.html",
        ),
        "start": Detail("A stream keeps 24 hours of changes.", "start: oldest"),
        "batch": Detail("100 without it.", "batch: 100"),
        "window": Detail("The function is called when it is over, or the batch is full.", "window: 5"),
        "filter": Detail(
            "Looks at the record as DynamoDB has it.",
            "filter: {eventName: [INSERT]}",
            _LAMBDA + "with-ddb-filtering.html",
        ),
    },
    "a stream trigger": {
        "stream": Detail("Each shard has its own order, and its own calls.", "stream: clicks"),
        "start": Detail("A stream keeps records for its `retention`.", "start: oldest"),
        "batch": Detail("100 without it.", "batch: 100"),
        "window": Detail("The function is called when it is over, or the batch is full.", "window: 5"),
        "parallel": Detail("Order is then kept for each partition key only.", "parallel: 2"),
        "filter": Detail("`data` is the record's JSON.", "filter: {data: {kind: [click]}}"),
    },
    "a queue trigger": {
        "queue": Detail(
            "Messages are removed when the function returns; those it failed on come again.", "queue: jobs"
        ),
        "batch": Detail("10 without it, and at most 10 for FIFO queues; more than 10 need a `window`.", "batch: 10"),
        "window": Detail(
            "The function is called when it is over, or the batch is full. Not for FIFO queues.", "window: 5"
        ),
        "maxConcurrency": Detail(
            "Spares what the function calls; other triggers of the function do not count.",
            "maxConcurrency: 5",
            _LAMBDA + "services-sqs-scaling.html",
        ),
        "filter": Detail("Messages that do not match are removed.", _FILTER),
    },
    "a topic trigger": {
        "topic": Detail("Every subscriber gets every message.", "topic: news"),
        "filter": Detail(
            "Of the attributes, unless `filterScope` says `body`.",
            "filter: {kind: [image]}",
            "https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html",
        ),
        "filterScope": Detail("`body` needs messages that are JSON.", "filterScope: body"),
    },
    "a userPool trigger": {
        "userPool": Detail("Only of a pool that the project makes: one trigger for each step.", "userPool: users"),
        "on": Detail("The function must return the event, changed or not, within 5 seconds.", "on: preSignUp"),
    },
    "a logs trigger": {
        "logs": Detail(
            "The function gets the lines compressed. A log group has at most two filters.",
            "logs: /aws/lambda/shop",
        ),
        "filter": Detail(
            "In the pattern language of CloudWatch Logs.",
            "filter: ERROR",
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
        ),
    },
    "an alexa trigger": {
        "alexa": Detail(
            "Only that skill may call the function.",
            "alexa: amzn1.ask.skill.12345678-1234-1234-1234-123456789012",
            "https://developer.amazon.com/docs/alexa/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html",
        ),
    },
    "an iot trigger": {
        "iot": Detail("`SELECT … FROM 'topic'`, with wildcards in the topic.", "iot: SELECT * FROM 'doors/+/opened'"),
    },
    "a document trigger": {
        "document": Detail(
            "A wildcard is one part of the path.",
            "document: users/{user}",
            _GCP + "functions/docs/calling/cloud-firestore",
        ),
        "events": Detail("`written` is any of them.", "events: [created, updated]"),
        "database": Detail("`(default)` without it.", "database: orders"),
    },
}
