"""Long descriptions: resources."""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.manifest.schema.details.detail import Detail

_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/"
_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
_DYNAMO = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_COGNITO = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
_FIFO = "A FIFO {} keeps the order within a group and drops repeats within five minutes, at a lower throughput."

DETAILS: Mapping[str, Mapping[str, Detail]] = {
    "a resource": {
        "type": Detail(
            "Named types have options of their own and take part in triggers and `uses`; a type of the cloud takes "
            "`properties`.",
            "type: bucket",
        ),
        "existing": Detail(
            "It is left as it is when the project is removed, too.",
            "existing: my-images",
        ),
        "keep": Detail(
            "For data that must not be lost: the resource stays in the cloud when the stack gives it up.",
            "keep: true",
            _CFN + "TemplateReference/aws-attribute-deletionpolicy.html",
        ),
        "name": Detail(
            "A fixed name stands in the way when a resource must be replaced, and cannot be used by two stages.",
            "name: my-images",
            _CFN + "TemplateReference/aws-properties-name.html",
        ),
        "properties": Detail(
            "Named as in the cloud's own documentation, and merged over the generated ones.",
            "properties: {Engine: redis}",
            _CFN + "TemplateReference/aws-template-resource-type-ref.html",
        ),
    },
    "a bucket": {
        "versioned": Detail("Versions cost as much as objects.", "versioned: true", _S3 + "Versioning.html"),
        "public": Detail(
            "Everyone who knows an object's address may read it.",
            "public: true",
            _S3 + "access-control-block-public-access.html",
        ),
        "cors": Detail("For pages that load or store objects themselves.", "cors: true", _S3 + "cors.html"),
        "expireAfterDays": Detail(
            "Counted from the day an object was stored.", "expireAfterDays: 30", _S3 + "object-lifecycle-mgmt.html"
        ),
    },
    "a table": {
        "partitionKey": Detail(
            "Cannot be changed without a new table.", "partitionKey: id", _DYNAMO + "HowItWorks.html"
        ),
        "sortKey": Detail(
            "Orders the items of one partition.", "sortKey: {name: at, type: number}", _DYNAMO + "HowItWorks.html"
        ),
        "billing": Detail(
            "Provisioned capacity costs less where the load is even.",
            "billing: {read: 5, write: 5}",
            _DYNAMO + "capacity-mode.html",
        ),
        "ttl": Detail("Seconds since 1970, as a number.", "ttl: expires", _DYNAMO + "TTL.html"),
        "indexes": Detail(
            "A change of the keys makes a new index; one index can be made or removed in a deployment.",
            "indexes:\n  byEmail: {partitionKey: email, project: keys}",
            _DYNAMO + "GSI.html",
        ),
        "stream": Detail(
            "Shown with the table in the console.",
            "stream: arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026-01-01T00:00:00.000",
            _DYNAMO + "Streams.html",
        ),
    },
    "a table key": {
        "name": Detail("As items have it.", "name: id"),
        "type": Detail("Items with another type are refused.", "type: number"),
    },
    "an index": {
        "partitionKey": Detail("Need not be unique.", "partitionKey: email", _DYNAMO + "GSI.html"),
        "sortKey": Detail("Orders what has the same partition key.", "sortKey: at", _DYNAMO + "GSI.html"),
        "project": Detail("Keys are always there; what is copied is stored twice.", "project: [name, size]"),
    },
    "a provisioned capacity": {
        "read": Detail("One unit is a read of 4 KB a second.", "read: 5", _DYNAMO + "provisioned-capacity-mode.html"),
        "write": Detail(
            "One unit is a write of 1 KB a second.", "write: 5", _DYNAMO + "provisioned-capacity-mode.html"
        ),
    },
    "a queue": {
        "fifo": Detail(_FIFO.format("queue"), "fifo: true", _SQS + "sqs-fifo-queues.html"),
        "visibilityTimeout": Detail(
            "Without it 30, or six times the timeout of the function that it triggers and the trigger's window, as AWS advises.",
            "visibilityTimeout: 120",
            _SQS + "sqs-visibility-timeout.html",
        ),
        "retention": Detail("345600 (4 days) without it.", "retention: 1209600", _SQS + "sqs-message-metadata.html"),
        "deadLetter": Detail(
            "An id alone means after 3 receives. A FIFO queue needs a FIFO one.",
            "deadLetter: {queue: failed, after: 5}",
            _SQS + "sqs-dead-letter-queues.html",
        ),
    },
    "a dead-letter queue": {
        "queue": Detail("Of the same kind: FIFO or not.", "queue: failed", _SQS + "sqs-dead-letter-queues.html"),
        "after": Detail("A message that was received so often is moved.", "after: 5"),
    },
    "a topic": {
        "fifo": Detail(
            _FIFO.format("topic") + " Only queues can subscribe to it.",
            "fifo: true",
            "https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html",
        ),
    },
    "a stream": {
        "shards": Detail(
            "A shard takes 1 MB or 1000 records a second.",
            "shards: 2",
            "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html",
        ),
        "retention": Detail("More than 24 hours cost extra.", "retention: 48"),
    },
    "an api": {
        "kind": Detail(
            "A REST API has request checks, keys and caches, and costs more.",
            "kind: rest",
            _API + "http-api-vs-rest.html",
        ),
        "cors": Detail("For all its routes; a trigger's own wins.", "cors: true", _API + "http-api-cors.html"),
        "domain": Detail(
            "`${api.url}` is then its address. Once in the region and account, so leave it out in the stages that do "
            "not have it (`domain: null`).",
            "domain:\n  name: api.example.com\n  zone: Z0123456789ABCDEFGHIJ",
            _API + "http-api-custom-domain-names.html",
        ),
    },
    "a domain": {
        "name": Detail("One domain is one api's.", "name: api.example.com"),
        "certificate": Detail(
            "API Gateway takes no certificate of another region.",
            "certificate: arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
            "https://docs.aws.amazon.com/acm/latest/userguide/gs-acm-request-public.html",
        ),
        "zone": Detail(
            "The record that leads to the api, and the one that proves the certificate. Without it the output "
            "`<Id>DomainTarget` says what a CNAME record must name.",
            "zone: Z0123456789ABCDEFGHIJ",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-api-gateway.html",
        ),
    },
    "a userPool": {
        "signIn": Detail(
            "Cannot be changed without a new pool.", "signIn: [email]", _COGNITO + "user-pool-settings-attributes.html"
        ),
        "clients": Detail(
            "Every application has one; `${users.clients.web}` is its id.",
            "clients:\n  web: {callbacks: [https://example.com/signed-in]}",
            _COGNITO + "user-pool-settings-client-apps.html",
        ),
    },
    "a client": {
        "secret": Detail("For applications on servers: a web page cannot keep one.", "secret: true"),
        "callbacks": Detail("Users are sent nowhere else.", "callbacks: [https://example.com/signed-in]"),
    },
    "a database": {
        "engine": Detail("As Amazon RDS or Cloud SQL calls it.", "engine: aurora-postgresql"),
        "size": Detail("As Amazon RDS or Cloud SQL calls it.", "size: db.t4g.micro"),
        "storage": Detail("It can grow later, and not shrink.", "storage: 20"),
    },
    "a cache": {
        "engine": Detail("Valkey is the free successor of Redis.", "engine: valkey"),
        "size": Detail("As Amazon ElastiCache calls it.", "size: cache.t4g.micro"),
        "nodes": Detail("With a second one, Redis and Valkey have one to take over when the first fails.", "nodes: 1"),
    },
    "a logGroup": {"retention": Detail("Logs that are kept for ever cost more every month.", "retention: 14")},
    "a stateMachine": {
        "definition": Detail(
            "`${id.attribute}` works in it.",
            "definition:\n  StartAt: Done\n  States: {Done: {Type: Succeed}}",
            "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html",
        ),
    },
}
