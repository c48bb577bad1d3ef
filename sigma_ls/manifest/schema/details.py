"""The long descriptions of keys, each with an example: loaded for hover, the JSON Schema and the reference page only.

By the names of records in the field table; keys that all resources have stand under `a resource`.  An example is what
would stand in the manifest at that key.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen


@frozen
class Detail:
    """More than one line of a key, and an example of it."""

    text: str
    example: str
    link: str = ""
    """The cloud's own documentation, where the field table has none."""


_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/"
_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
_GCP = "https://cloud.google.com/"
_DYNAMO = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_COGNITO = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
_EVENTBRIDGE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"
_SCHEDULER = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/"

_FILTER = "filter: {body: {kind: [image]}}"
_FIFO = "A FIFO {} keeps the order within a group and drops repeats within five minutes, at a lower throughput."

DETAILS: Mapping[str, Mapping[str, Detail]] = {
    "a manifest": {
        "name": Detail(
            "Names the stack, and through it whatever is made; renaming a project makes a new one beside the old.",
            "name: thumbnailer",
        ),
        "description": Detail(
            "Shown with the stack in the cloud's console.", "description: Makes thumbnails of images."
        ),
        "version": Detail("For people: it is not compared with what is deployed.", "version: 1.0.0"),
        "platform": Detail(
            "Decides which keys, triggers and types there are; the block of the same name says where to deploy.",
            "platform: aws",
        ),
        "aws": Detail(
            "Only with `platform: aws`. What every stage gives need not stand here.",
            "aws:\n  region: eu-west-1\n  profile: work",
        ),
        "gcp": Detail(
            "Only with `platform: gcp`. What every stage gives need not stand here.",
            "gcp:\n  project: my-project\n  region: europe-west1",
        ),
        "stages": Detail(
            "A stage overrides `aws`/`gcp`, `environment`, `functions.<id>` and `resources.<id>`: mappings are merged, "
            "lists and values replaced, `null` removes a key. `dev:` alone means `{}`.",
            "stages:\n  dev:\n  prod:\n    environment: {LOG_LEVEL: warning}",
        ),
        "stack": Detail(
            "May hold `${project}` and `${stage}`. A stack that has another name is another stack: the old one stays.",
            "stack: thumbnailer-${stage}",
        ),
        "environment": Detail(
            "Values are texts, numbers or booleans as YAML writes them, texts with `${id.attribute}`, values to ask for "
            "at deployment, or secrets. Weakest first: this, the stage's, the function's, the stage's for that function.",
            "environment:\n  LOG_LEVEL: info",
            _LAMBDA + "configuration-envvars.html",
        ),
        "functions": Detail(
            "Functions and resources share one namespace of ids.",
            "functions:\n  resize:\n    runtime: python3.13\n    handler: app.handler\n    code: src/resize",
            _LAMBDA + "concepts-basics.html",
        ),
        "resources": Detail(
            "A resource of a named type that nothing refers to is left out of the deployment.",
            "resources:\n  images: {type: bucket}",
            _CFN + "TemplateReference/aws-template-resource-type-ref.html",
        ),
        "outputs": Detail(
            "Shown when a deployment is done, and kept with the stack.",
            'outputs:\n  Bucket: {value: "${images.name}", description: Where images are stored}',
            _CFN + "UserGuide/outputs-section-structure.html",
        ),
        "template": Detail(
            "For what the manifest cannot say. Mappings are merged, lists and values replaced, `null` removes a key.",
            "template:\n  Resources:\n    Images:\n      Properties: {ObjectLockEnabled: true}",
            _CFN + "UserGuide/template-anatomy.html",
        ),
    },
    "the aws block": {
        "region": Detail(
            "A deployment in another region is another one: the old one stays where it is.",
            "region: eu-west-1",
            "https://docs.aws.amazon.com/general/latest/gr/lambda-service.html",
        ),
        "profile": Detail(
            "Without it, the credentials that AWS's own tools would take: variables of the environment, the default "
            "profile, single sign-on.",
            "profile: work",
            "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
        ),
        "artifacts": Detail(
            "It must be in the same region. The one that is made keeps what deployments need, and no more.",
            "artifacts: my-artifact-bucket",
            _LAMBDA + "configuration-function-zip.html",
        ),
        "role": Detail(
            "With it, who deploys needs the right to pass this role, and no right to what is made.",
            "role: arn:aws:iam::123456789012:role/deployer",
        ),
        "tags": Detail(
            "CloudFormation hands them on to every resource that takes tags.",
            "tags: {team: media}",
            _CFN + "TemplateReference/aws-properties-resource-tags.html",
        ),
    },
    "the gcp block": {
        "project": Detail(
            "The project's id, not its name or number.",
            "project: my-project",
            _GCP + "resource-manager/docs/creating-managing-projects",
        ),
        "region": Detail(
            "A deployment in another region is another one: the old one stays where it is.",
            "region: europe-west1",
            _GCP + "functions/docs/locations",
        ),
        "engine": Detail(
            "Infrastructure Manager runs Terraform at Google. Deployment Manager is without support since 2026-03-31.",
            "engine: infrastructure-manager",
            _GCP + "infrastructure-manager/docs/overview",
        ),
        "serviceAccount": Detail(
            "Infrastructure Manager deploys as this account: it needs the rights to make what the manifest declares.",
            "serviceAccount: deployer@my-project.iam.gserviceaccount.com",
            _GCP + "infrastructure-manager/docs/configure-service-account",
        ),
        "artifacts": Detail(
            "The one that is made keeps what deployments need, and no more.",
            "artifacts: my-artifact-bucket",
            _GCP + "functions/docs/deploy",
        ),
        "labels": Detail(
            "Put on everything that takes labels.",
            "labels: {team: media}",
            _GCP + "resource-manager/docs/creating-managing-labels",
        ),
    },
    "a stage": {
        "aws": Detail("Merged over the manifest's own `aws`.", "aws: {profile: work-prod}"),
        "gcp": Detail("Merged over the manifest's own `gcp`.", "gcp: {project: my-project-prod}"),
        "environment": Detail("Merged over the manifest's own `environment`.", "environment: {LOG_LEVEL: warning}"),
        "functions": Detail(
            "Merged over the functions of the same ids; `null` leaves one out.", "functions:\n  resize: {memory: 1024}"
        ),
        "resources": Detail(
            "Merged over the resources of the same ids; `null` leaves one out.", "resources:\n  images: {keep: true}"
        ),
    },
    "an output": {
        "value": Detail(
            "A text with any number of references, or a number.",
            'value: "${api.url}/images"',
            _CFN + "UserGuide/outputs-section-structure.html",
        ),
        "description": Detail("Shown beside the value.", "description: POST an image here."),
    },
    "a value to ask for": {
        "ask": Detail(
            "The answer is passed as a secret and written nowhere on this machine. It is asked for again at each "
            "deployment that needs it.",
            "ask: Stripe API key",
        ),
    },
    "a secret": {
        "secret": Detail(
            "The deployment template holds only where the secret is, never what it is.",
            "secret: prod/db",
            "https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html",
        ),
        "key": Detail("Only for secrets whose value is JSON.", "key: password"),
        "description": Detail("Shown with the secret in the cloud's console.", "description: Password of the database"),
    },
    "a vpc": {
        "subnets": Detail(
            "Take at least two, of different zones. A function in a private network reaches the internet only through a "
            "NAT gateway.",
            "subnets: [subnet-0a1b2c3d4e5f60718]",
            _LAMBDA + "configuration-vpc.html",
        ),
        "securityGroups": Detail(
            "What the function calls must let these groups in.",
            "securityGroups: [sg-0a1b2c3d4e5f60718]",
            _LAMBDA + "configuration-vpc.html",
        ),
    },
    "a function": {
        "description": Detail("Shown in the cloud's console.", "description: Resizes one image."),
        "runtime": Detail(
            "A runtime that is deprecated gets no security updates any more, and later the cloud refuses to update "
            "functions that use it.",
            "runtime: python3.13",
        ),
        "handler": Detail(
            "The module is looked for in the folder that `code` names, and the function in it.", "handler: app.handler"
        ),
        "code": Detail(
            "What its `requirements.txt` or `package.json` asks for is installed when it is built; an archive is taken as it is.",
            "code: src/resize",
            _LAMBDA + "configuration-function-zip.html",
        ),
        "memory": Detail(
            "1769 MB are one whole CPU on AWS. More memory often costs no more, since calls end sooner.", "memory: 512"
        ),
        "timeout": Detail(
            "A queue that triggers the function must hide its messages at least as long; an http trigger waits for 30 "
            "seconds at most.",
            "timeout: 30",
        ),
        "architecture": Detail(
            "Code with compiled parts must be built for it; the build does that for what it installs.",
            "architecture: arm64",
        ),
        "ephemeralStorage": Detail("What is there may still be there at the next call.", "ephemeralStorage: 1024"),
        "concurrency": Detail(
            "Reserved calls are taken from the account's own (1000 unless raised); 0 switches the function off.",
            "concurrency: 10",
        ),
        "logRetention": Detail("Logs that are kept for ever cost more every month.", "logRetention: 14"),
        "tracing": Detail(
            "Traces show how long calls to other services take; they are billed.",
            "tracing: true",
            _LAMBDA + "services-xray.html",
        ),
        "layers": Detail(
            "Later layers win over earlier ones; with the code they may have 250 MB unpacked.",
            "layers: [arn:aws:lambda:eu-west-1:123456789012:layer:tools:1]",
        ),
        "vpc": Detail(
            "Needed for databases and caches that are not on the internet.",
            "vpc:\n  subnets: [subnet-0a1b2c3d4e5f60718]\n  securityGroups: [sg-0a1b2c3d4e5f60718]",
            _LAMBDA + "configuration-vpc.html",
        ),
        "deadLetter": Detail(
            "For calls that nobody waits for: buckets, topics, schedules and events. Queues have a `deadLetter` of their "
            "own.",
            "deadLetter: failed",
        ),
        "environment": Detail(
            "Wins over the manifest's and the stage's. All variables of a function together may have 4 KB on AWS.",
            "environment:\n  TABLE: ${sizes.name}\n  STRIPE_KEY: {ask: Stripe API key}",
            _LAMBDA + "configuration-envvars.html",
        ),
        "triggers": Detail(
            "Each has exactly one key that says of which kind it is. The cloud's permission to call the function is "
            "made with it.",
            "triggers:\n  - bucket: images\n    suffix: .jpg\n  - http: GET /resize/{id}",
            _LAMBDA + "lambda-services.html",
        ),
        "uses": Detail(
            "Each operation becomes the smallest set of permissions on exactly that resource.",
            "uses:\n  thumbnails: [read, write]\n  failed: send",
            _LAMBDA + "lambda-intro-execution-role.html",
        ),
        "permissions": Detail(
            "For what `uses` cannot say. They are merged with the generated ones.",
            'permissions:\n  - {Effect: Allow, Action: ["rekognition:DetectLabels"], Resource: "*"}',
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html",
        ),
        "roles": Detail(
            "Given to the function's service account.",
            "roles: [roles/storage.objectViewer]",
            _GCP + "iam/docs/understanding-roles",
        ),
        "serviceAccount": Detail(
            "Without it, one is made for the function.",
            "serviceAccount: resize@my-project.iam.gserviceaccount.com",
            _GCP + "functions/docs/securing/function-identity",
        ),
        "ingress": Detail(
            "Whether the internet, or only the project's own network, may call.",
            "ingress: internal",
            _GCP + "functions/docs/networking/network-settings",
        ),
        "minInstances": Detail(
            "Instances that wait are billed, and spare their callers the start.",
            "minInstances: 1",
            _GCP + "functions/docs/configuring/min-instances",
        ),
        "maxInstances": Detail(
            "Calls beyond it wait, or are refused.",
            "maxInstances: 10",
            _GCP + "functions/docs/configuring/max-instances",
        ),
    },
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


def detail_of(record: str, key: str) -> Detail | None:
    """What there is of a key of a record, by their names."""
    found = DETAILS.get(record, {}).get(key)
    return found if found is not None else DETAILS["a resource"].get(key)
