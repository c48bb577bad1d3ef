"""The registry of diagnostic codes.  A code never changes its meaning, and a withdrawn one is never given again.

Hundreds are families: 0 YAML, 1 shape of keys and values, 2 names and references, 3 functions and their code,
4 triggers, 5 permissions, 6 stages, 7 what a deployment said.  `docs/diagnostics.md` is generated from this.
"""

from __future__ import annotations

from sigma_ls.manifest.diagnostic import Code, Severity, Tag

FAMILIES = {
    "0": "YAML and the file",
    "1": "Keys and values",
    "2": "Names and references",
    "3": "Functions and their code",
    "4": "Triggers",
    "5": "Permissions",
    "6": "Stages",
    "7": "Deployment",
}

CODES: dict[str, Code] = {}
"""All codes by their ids."""


def _code(number: str, title: str, text: str, example: str, severity: Severity = Severity.ERROR, *tags: Tag) -> Code:
    code = Code(f"SIG{number}", title, severity, text, example.strip("\n"), tags)
    assert code.id not in CODES, code.id
    CODES[code.id] = code
    return code


# --- 0: YAML ---------------------------------------------------------------------------------------------------------

SYNTAX = _code(
    "001",
    "Not YAML",
    "The text cannot be read here. The message says what was expected; everything outside the entry that is broken is "
    "analysed all the same.",
    """
name: "shop
""",
)
TAB = _code(
    "002",
    "Tab in the indentation",
    "YAML is indented by spaces only.",
    """
functions:
\tresize: {}
""",
)
INDENTATION = _code(
    "003",
    "Uneven indentation",
    "The entries of a section must start in one column. This one stands left of the first; it is analysed as an entry "
    "of the section, but no other YAML tool will read it so.",
    """
resources:
    images: {type: bucket}
  jobs: {type: queue}
""",
)
DUPLICATE_KEY = _code(
    "004",
    "Duplicate key",
    "A mapping has this key already, and only one of the two can hold. The first one is shown as related place.",
    """
name: shop
name: store
""",
)
CHARACTER = _code(
    "005",
    "Character that YAML does not allow",
    "Control characters cannot stand in a YAML text. Often the file is not a text at all, or not in UTF-8.",
    'name: "a\x00b"',
)
ALIAS = _code(
    "006",
    "Alias without an anchor",
    "`*name` repeats what `&name` marked before it. Here nothing is marked so, it stands inside what it names, or `<<` "
    "is given something else than mappings.",
    """
environment: *defaults
""",
)
ALIAS_SIZE = _code(
    "007",
    "Aliases that explode",
    "The aliases stand for so many values that they are not followed. Write fewer, or flatter ones.",
    """
a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
""",
)
TOO_LARGE = _code(
    "008",
    "Too large or too deep",
    "An entry of more than a million characters, or nested deeper than a hundred levels, is not analysed.",
    """
template: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
""",
)
SECOND_DOCUMENT = _code(
    "009",
    "Second document",
    "A manifest is one YAML document. What follows the second `---` is ignored.",
    """
name: shop
---
name: store
""",
)

IGNORED_FILE = _code(
    "010",
    "Manifest that is ignored",
    "A folder's manifest is its `sigma.yaml`. Where there is one, a `sigma.yml` beside it is ignored: remove one of the "
    "two.",
    """
name: shop
""",
    Severity.WARNING,
)

# --- 1: shape --------------------------------------------------------------------------------------------------------

WRONG_TYPE = _code(
    "101",
    "Wrong type",
    "The value is not of the type that the key takes. A number in quotes is a text, and so is `yes`: YAML 1.2 knows "
    "only `true` and `false`.",
    """
functions:
  resize:
    memory: "512"
""",
)
UNKNOWN_KEY = _code(
    "102",
    "Unknown key",
    "No such key is known here, so it would have no effect. The nearest known key is offered as a fix.",
    """
functions:
  resize:
    memroy: 512
""",
)
MISSING_KEY = _code(
    "103",
    "Missing key",
    "A key that must be there is not. It is shown on the key that lacks it.",
    """
functions:
  resize:
    runtime: python3.13
""",
)
OTHER_PLATFORM = _code(
    "104",
    "Key of the other platform",
    "This key, trigger, type or block belongs to the other platform than the one that `platform` names.",
    """
platform: gcp
aws: {region: eu-west-1}
""",
)
NOT_ALLOWED = _code(
    "105",
    "Value that is not allowed",
    "The key takes one of a few words, and this is none of them.",
    """
functions:
  resize:
    architecture: arm
""",
)
OUT_OF_RANGE = _code(
    "106",
    "Number outside the limits",
    "The cloud takes only numbers within limits here; the message says which.",
    """
functions:
  resize:
    memory: 64
""",
)
MALFORMED = _code(
    "107",
    "Malformed text",
    "The text does not have the form that the key asks for; the message says which.",
    """
functions:
  list:
    triggers:
      - http: images
""",
)
TRIGGER_KIND = _code(
    "108",
    "Not exactly one kind",
    "A trigger has exactly one key that says what triggers (`http`, `bucket`, `queue`, …), an environment value that is "
    "a mapping exactly one of `ask` and `secret`.",
    """
functions:
  list:
    triggers:
      - prefix: uploads/
""",
)
# 109 was "Not supported yet"; all that the language has for AWS can be deployed now.
LIST_LENGTH = _code(
    "110",
    "Too few or too many",
    "The list has fewer or more items than the key takes.",
    """
functions:
  resize:
    uses: {images: []}
""",
)

DEPRECATED = _code(
    "111",
    "About to be withdrawn",
    "The cloud has ended its support for this, or will soon. It may still work today.",
    """
gcp:
  engine: deployment-manager
""",
    Severity.WARNING,
    Tag.DEPRECATED,
)

UNKNOWN_RAW_TYPE = _code(
    "112",
    "Unknown type of AWS",
    "CloudFormation had no such type when this version was made. It may be new, or misspelt.",
    """
resources:
  cache: {type: "AWS::ElastiCache::Cluster"}
""",
    Severity.WARNING,
)

# --- 2: names --------------------------------------------------------------------------------------------------------

UNDEFINED = _code(
    "201",
    "Undefined name",
    "Nothing of this id is declared under `functions` or `resources`.",
    """
functions:
  resize:
    uses: {thumbnials: write}
""",
)
UNKNOWN_ATTRIBUTE = _code(
    "202",
    "Unknown attribute",
    "Things of this type have no such attribute for `${id.attribute}`.",
    """
resources:
  images: {type: bucket}
outputs:
  Arn: {value: "${images.arm}"}
""",
)
DUPLICATE_ID = _code(
    "203",
    "Id used twice",
    "Functions and resources share one namespace: references could not tell which of the two is meant.",
    """
functions:
  images: {}
resources:
  images: {type: bucket}
""",
)
CLASHING_IDS = _code(
    "204",
    "Ids that clash",
    "In the deployment template ids are written in PascalCase without hyphens, and there these two are the same.",
    """
resources:
  foo-bar: {type: queue}
  fooBar: {type: queue}
""",
)
MALFORMED_REFERENCE = _code(
    "205",
    "Malformed reference",
    "`${…}` takes `id.attribute`, or one of `project`, `stage`, `stack`, `region` and `account`. Write `$${` for a "
    "literal `${`.",
    """
environment:
  TABLE: ${sizes}
""",
)
WRONG_RESOURCE = _code(
    "206",
    "Wrong type of resource",
    "The id is declared, but as something that cannot stand here: a bucket trigger needs a bucket.",
    """
functions:
  resize:
    triggers:
      - bucket: jobs
resources:
  jobs: {type: queue}
""",
)
UNUSED = _code(
    "207",
    "Unused resource",
    "Nothing refers to this resource: no trigger, `uses`, `deadLetter`, `auth`, output or `${…}`. It is left out of the "
    "deployment, and removed from the cloud if an earlier deployment made it, unless it was kept.",
    """
resources:
  leftover: {type: queue}
""",
    Severity.HINT,
    Tag.UNNECESSARY,
)
STACK_NAME = _code(
    "208",
    "Stack name that is too long",
    "CloudFormation takes at most 128 characters.",
    f"""
stack: {"very-" * 30}long
""",
)

PHYSICAL_NAME = _code(
    "209",
    "Name that the service does not take",
    "Each service of AWS has rules of its own for the characters and the length of names; the message says which.",
    """
resources:
  images: {type: bucket, name: My_Images}
""",
)

# --- 3: functions ----------------------------------------------------------------------------------------------------

CODE_MISSING = _code(
    "301",
    "No such code",
    "The folder or archive that `code` names does not exist.",
    """
functions:
  resize:
    code: src/reszie
""",
)
CODE_OUTSIDE = _code(
    "302",
    "Code outside the project",
    "`code` is relative to the manifest and must stay inside its folder, so that a project can be moved and checked out "
    "as a whole.",
    """
functions:
  resize:
    code: ../shared
""",
)
HANDLER_FILE = _code(
    "303",
    "No such handler file",
    "The module that `handler` names is not in the function's code.",
    """
functions:
  resize:
    handler: ap.handler
""",
)
HANDLER_SYMBOL = _code(
    "304",
    "No such handler",
    "The handler's file does not define the name that `handler` ends with; for Node.js: does not export it. Of exports that "
    "are made while the module runs nothing is said.",
    """
functions:
  resize:
    handler: app.handle
""",
)
HANDLER_FORM = _code(
    "305",
    "Malformed handler",
    "The runtime expects the handler in another form: `module.function` for Python and Node.js.",
    """
functions:
  resize:
    runtime: python3.13
    handler: handler
""",
)
UNKNOWN_RUNTIME = _code(
    "306",
    "Unknown runtime",
    "The runtime is not one that this version knows. It may be new, withdrawn, or misspelt.",
    """
functions:
  resize:
    runtime: python3.31
""",
    Severity.WARNING,
)
HANDLER_UNREADABLE = _code(
    "307",
    "Handler that cannot be read",
    "The handler's file is not valid code, so calling it will fail.",
    """
functions:
  resize:
    handler: app.handler
""",
)
RESERVED_VARIABLE = _code(
    "308",
    "Reserved variable",
    "The runtime sets this environment variable itself, and the deployment would be refused.",
    """
environment:
  AWS_REGION: eu-west-1
""",
)

DEPRECATED_RUNTIME = _code(
    "309",
    "Deprecated runtime",
    "AWS has ended its support for this runtime, or will within half a year: no security updates any more, then no new "
    "functions on it, then no updates of old ones. The message has the dates, as they were known when this version was "
    "made.",
    """
functions:
  resize:
    runtime: python3.9
""",
    Severity.WARNING,
    Tag.DEPRECATED,
)
BLOCKED_RUNTIME = _code(
    "310",
    "Runtime that is refused",
    "AWS neither creates nor updates functions on this runtime any more: the deployment would fail.",
    """
functions:
  resize:
    runtime: python3.6
""",
)
ENVIRONMENT_SIZE = _code(
    "311",
    "Environment that is too large",
    "All environment variables of a function, names and values, may have 4 KB. Keep large values in a secret, a table or "
    "a bucket. Only what is written in this place is counted: references and the other places' variables come on top.",
    f"""
environment:
  TEXT: {"x" * 60}…
""",
)

# --- 4: triggers -----------------------------------------------------------------------------------------------------

DUPLICATE_ROUTE = _code(
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
VISIBILITY = _code(
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
RECURSION = _code(
    "403",
    "Function that calls itself without end",
    "Objects in this bucket call the function, and it may write to the same bucket: each object it stores can call it "
    "again, at your cost. Write to another bucket, or to a prefix that the trigger leaves out.",
    """
functions:
  resize:
    triggers: [bucket: images]
    uses: {images: write}
""",
    Severity.WARNING,
)
BATCH_WINDOW = _code(
    "404",
    "Batch without a window",
    "More than 10 messages of a queue in a batch need a `window` of at least one second.",
    """
functions:
  work:
    triggers: [{queue: jobs, batch: 100}]
""",
)
FIFO_BATCH = _code(
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
CANNOT_WIRE = _code(
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
GCP_TRIGGERS = _code(
    "407",
    "Not exactly one trigger",
    "A function on Google Cloud has exactly one trigger.",
    """
platform: gcp
functions:
  hello: {runtime: python313, handler: hello, code: src}
""",
)

POOL_CLIENT = _code(
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
EVENTBRIDGE = _code(
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
FIFO_TOPIC = _code(
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

SCHEDULE = _code(
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
TIME_ZONE = _code(
    "412",
    "Unknown time zone",
    "Time zones have the names of the IANA database, such as `Europe/Berlin`.",
    """
functions:
  clean:
    triggers: [{schedule: cron(0 12 * * ? *), timezone: Europe/Berln}]
""",
)
OVERLAPPING = _code(
    "413",
    "Triggers of a bucket that overlap",
    "One object could call two functions for one event, which S3 refuses. Make the triggers differ in `events`, `prefix` "
    "or `suffix`, or let one function publish to a topic that calls both.",
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
DUPLICATE_STEP = _code(
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
LOG_FILTERS = _code(
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
FIFO_WINDOW = _code(
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

# --- 5: permissions --------------------------------------------------------------------------------------------------

UNKNOWN_OPERATION = _code(
    "501",
    "Unknown operation",
    "Things of this type have no such operation. The message names those they have.",
    """
functions:
  work:
    uses: {jobs: write}
resources:
  jobs: {type: queue}
""",
)
MALFORMED_STATEMENT = _code(
    "502",
    "Malformed statement",
    "An IAM statement needs `Effect` (`Allow` or `Deny`), `Action` or `NotAction`, and `Resource` or `NotResource`.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: "s3:GetObject"}
""",
)

MALFORMED_ACTION = _code(
    "503",
    "Malformed action or ARN",
    "An action is `service:Action`, a resource `*`, an ARN, or `${id.arn}`.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: GetObject, Resource: "*"}
""",
)
UNKNOWN_ACTION = _code(
    "504",
    "Unknown action",
    "No service of AWS had this action when this version was made, so the statement may allow nothing.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: "s3:ReadObject", Resource: "arn:aws:s3:::images/*"}
""",
    Severity.WARNING,
)
WIDE_RESOURCE = _code(
    "505",
    "All resources where some would do",
    "Every action of the statement can be allowed on certain resources only, and `*` allows it on all of the account.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: "s3:GetObject", Resource: "*"}
""",
    Severity.WARNING,
)

# --- 6: stages -------------------------------------------------------------------------------------------------------

UNKNOWN_STAGE = _code(
    "601",
    "Unknown stage",
    "The stage that was asked for is not declared under `stages`.",
    """
stages:
  dev: {}
""",
)

# --- 7: deployment ---------------------------------------------------------------------------------------------------

DEPLOYMENT_FAILED = _code(
    "701",
    "Failed in the last deployment",
    "The cloud refused this in the last deployment; the message is its own reason. It is shown until the next "
    "deployment starts.",
    """
resources:
  images: {type: bucket, name: images}
""",
)
NO_TEMPLATE = _code(
    "702",
    "No template can be made",
    "The manifest is right, but CloudFormation could not deploy what it says: something would have to exist before "
    "itself, a limit is exceeded, or a part cannot be wired. The message says what to do instead.",
    """
functions:
  one:
    environment: {OTHER: "${two.arn}"}
  two:
    environment: {OTHER: "${one.arn}"}
""",
)
CFN_LINT = _code(
    "703",
    "Found by cfn-lint",
    "cfn-lint checks the generated template, and its finding is shown at the line of the manifest that the node came "
    "from; the rule's name stands at its end. The setting `cfnLint` turns this off.",
    """
resources:
  cache:
    type: AWS::ElastiCache::CacheCluster
    properties: {CacheNodeType: cache.t4g.micro, Engine: redis, NumCacheNodes: one}
""",
)
