"""Family 4: triggers."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code
from sigma_ls.manifest.diagnostic import Severity

DUPLICATE_ROUTE = code(
    "401",
    "Same route twice",
    "Two triggers of one api take the same requests; the names of path parameters make no difference.",
    """
functions:
  one:
    triggers: [http: "GET /a/{id}"]
  two:
    triggers: [http: "GET /a/{name}"]
""",
)
VISIBILITY = code(
    "402",
    "Visibility timeout too short",
    "While a function works on a message, the queue must hide it: a visibility timeout shorter than the function's "
    "timeout would hand the message out again, and AWS refuses the trigger.",
    """
functions:
  work:
    timeout: 60
    triggers: [queue: jobs]
resources:
  jobs: {type: queue, visibilityTimeout: 30}
""",
)
RECURSION = code(
    "403",
    "Function that calls itself without end",
    "Objects in this bucket call the function, and it may write to the same bucket: each object it stores can call it "
    "again, at your cost. Write to another bucket, or to a prefix that the trigger leaves out. So it is with messages of a "
    "queue or topic, records of a stream and changes of a table, where a `filter` can leave out what the function makes.",
    """
functions:
  resize:
    triggers: [bucket: images]
    uses: {images: write}
""",
    Severity.WARNING,
)
BATCH_WINDOW = code(
    "404",
    "Batch without a window",
    "More than 10 messages of a queue in a batch need a `window` of at least one second.",
    """
functions:
  work:
    triggers: [{queue: jobs, batch: 100}]
resources:
  jobs: {type: queue}
""",
)
FIFO_BATCH = code(
    "405",
    "Batch too large for a FIFO queue",
    "A FIFO queue gives at most 10 messages in a batch.",
    """
functions:
  work:
    triggers: [{queue: jobs, batch: 100, window: 5}]
resources:
  jobs: {type: queue, fifo: true}
""",
)
CANNOT_WIRE = code(
    "406",
    "Existing resource that cannot trigger",
    "A deployment cannot change the steps of a user pool that it did not make; a table that exists needs "
    "`stream: <its ARN>`.",
    """
functions:
  welcome:
    triggers: [{userPool: users, on: preSignUp}]
resources:
  users: {type: userPool, existing: eu-west-1_AbCdEfGhI}
""",
)
GCP_TRIGGERS = code(
    "407",
    "Not exactly one trigger",
    "A function on Google Cloud has exactly one trigger.",
    """
platform: gcp
functions:
  hello: {runtime: python313, handler: hello, code: src}
""",
)
POOL_CLIENT = code(
    "408",
    "User pool without a client",
    "`auth` names a user pool that declares no `clients`. Users get tokens by a client of their pool only, and an HTTP "
    "API takes only tokens that were made for one.",
    """
functions:
  list:
    triggers: [{http: GET /images, auth: users}]
resources:
  users: {type: userPool}
""",
)
EVENTBRIDGE = code(
    "409",
    "Existing bucket that triggers by EventBridge",
    "CloudFormation cannot set the notifications of a bucket that it did not make, so a rule of EventBridge calls the "
    "function instead. The bucket must send its events there (`aws s3api put-bucket-notification-configuration` with "
    "`EventBridgeConfiguration`), and the event has another form: the key is in `detail.object.key`.",
    """
functions:
  resize:
    triggers: [bucket: images]
resources:
  images: {type: bucket, existing: my-images}
""",
    Severity.WARNING,
)
FIFO_TOPIC = code(
    "410",
    "FIFO topic that triggers a function",
    "A FIFO topic delivers to queues only. Let a FIFO queue subscribe to it, and give the function a `queue` trigger.",
    """
functions:
  work:
    triggers: [topic: news]
resources:
  news: {type: topic, fifo: true}
""",
)
SCHEDULE = code(
    "411",
    "Schedule that AWS refuses",
    "`rate(1 minute)` is singular and `rate(5 minutes)` plural; a `cron` expression has six fields, of which either the "
    "day of month or the day of week is `?`.",
    """
functions:
  clean:
    triggers: [schedule: rate(1 minutes)]
""",
)
TIME_ZONE = code(
    "412",
    "Unknown time zone",
    "Time zones have the names of the IANA database, such as `Europe/Berlin`.",
    """
functions:
  clean:
    triggers: [{schedule: cron(0 12 * * ? *), timezone: Europe/Berln}]
""",
)
OVERLAPPING = code(
    "413",
    "Triggers of a bucket that overlap",
    "One object could call two functions, or one of them twice, for one event, which S3 refuses. Make the triggers differ "
    "in `events`, `prefix` or `suffix`, or let one function publish to a topic that calls both.",
    """
functions:
  one:
    triggers: [bucket: images]
  two:
    triggers: [{bucket: images, suffix: .jpg}]
resources:
  images: {type: bucket}
""",
)
DUPLICATE_STEP = code(
    "414",
    "Step of a user pool that is taken",
    "A user pool calls one function for each step.",
    """
functions:
  one:
    triggers: [{userPool: users, on: preSignUp}]
  two:
    triggers: [{userPool: users, on: preSignUp}]
resources:
  users: {type: userPool}
""",
)
LOG_FILTERS = code(
    "415",
    "Too many filters of a log group",
    "A log group has at most two subscription filters.",
    """
functions:
  one:
    triggers: [logs: /shop]
  two:
    triggers: [logs: /shop]
  three:
    triggers: [logs: /shop]
""",
)
FIFO_WINDOW = code(
    "416",
    "Window of a FIFO queue",
    "AWS takes no `window` for a FIFO queue: its messages are handed over at once.",
    """
functions:
  work:
    triggers: [{queue: jobs, window: 5}]
resources:
  jobs: {type: queue, fifo: true}
""",
)
SAME_TRIGGER = code(
    "417",
    "Same trigger twice",
    "One source calls a function by one trigger: AWS refuses the second mapping of a queue, table or stream, and a topic, a "
    "skill and the function's own URL have one as well.",
    """
functions:
  work:
    triggers: [queue: jobs, queue: jobs]
""",
)
ROUTE_PATH = code(
    "418",
    "Path that API Gateway refuses",
    "A parameter is a whole part of the path, `{name}`, and no name stands twice; `{rest+}` takes all that follows, and so "
    "stands last. A path has no `?` and no `#`.",
    """
functions:
  list:
    triggers: [http: "GET /{rest+}/images"]
""",
)
PATTERN = code(
    "419",
    "Pattern that is refused",
    "In a pattern of events or a filter each value is a list of what may match, such as `[created]` or `[{prefix: a}]`, and "
    "no list is empty.",
    """
functions:
  work:
    triggers: [{queue: jobs, filter: {body: {kind: image}}}]
""",
)
WILDCARD = code(
    "420",
    "Wildcard that S3 does not know",
    "`prefix` and `suffix` are compared letter by letter: a `*` means an asterisk in the key.",
    """
functions:
  resize:
    triggers: [{bucket: images, suffix: "*.jpg"}]
""",
    Severity.WARNING,
)
CORS_CREDENTIALS = code(
    "421",
    "Credentials for any origin",
    "Browsers send cookies and authorization only to endpoints that name the page's origin, never where `origins` is `*`, "
    "as it is unless said otherwise.",
    """
functions:
  list:
    triggers: [{http: GET /images, cors: {credentials: true}}]
""",
    Severity.WARNING,
)
