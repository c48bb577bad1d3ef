"""What a manifest means: a project as one stage sees it, frozen, with the places that each part came from.

Stages are merged and defaults filled in before these are made, so nothing here is optional unless the language says so.
Ranges are absolute in the manifest.  These classes say nothing of any cloud's resources: `sigma_ls.synth` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from sigma_ls.syntax.span import START, Range

Json = dict[str, Any] | list[Any] | str | int | float | bool | None
Path = tuple[str | int, ...]


@frozen
class Origin:
    """Where a thing and its parts stand in the manifest.

    `key` is the range of the thing's own key (`resize` of `resize: {…}`); `keys` and `values` map the path of a part,
    such as `("triggers", 0, "prefix")`, to the range of its key and of its value.
    """

    key: Range = START
    keys: Mapping[Path, Range] = field(factory=dict)
    values: Mapping[Path, Range] = field(factory=dict)

    def at(self, *path: str | int) -> Range:
        """The range of the value at `path`, or of the nearest part around it that is known."""
        for length in range(len(path), 0, -1):
            if (found := self.values.get(path[:length])) is not None:
                return found
        return self.key

    def key_at(self, *path: str | int) -> Range:
        """The range of the key at `path`, or of the nearest part around it that is known."""
        if (found := self.keys.get(path)) is not None:
            return found
        return self.at(*path)


# --- texts with references -------------------------------------------------------------------------------------------


@frozen
class Reference:
    """`${id.attribute}`."""

    id: str
    attribute: str
    range: Range = START


PseudoName = Literal["project", "stage", "stack", "region", "account"]


@frozen
class Pseudo:
    """`${project}`, `${stage}`, `${stack}`, `${region}` or `${account}`."""

    name: PseudoName
    range: Range = START


@frozen
class Text:
    """A string in which references stand; plain parts have `$${` already turned into `${`."""

    parts: tuple[str | Reference | Pseudo, ...]

    @staticmethod
    def plain(text: str) -> Text:
        """A text without references."""
        return Text((text,))


@frozen
class Ask:
    """`{ask: title}`: a value asked for at deployment, passed as a secret and written nowhere."""

    title: str


@frozen
class FromSecret:
    """`{secret: name, key: password}`: read from the cloud's secret store; without `key` the whole string.

    `name` is the id of a declared secret where the project has one of that id, else a name in the store.
    """

    name: str
    key: str | None = None


EnvironmentValue = Text | Ask | FromSecret

# --- triggers --------------------------------------------------------------------------------------------------------


@frozen
class Cors:
    """Who may call an endpoint from a web page; `cors: true` is the default of each field."""

    origins: tuple[str, ...] = ("*",)
    methods: tuple[str, ...] = ("*",)
    headers: tuple[str, ...] = ("*",)
    expose_headers: tuple[str, ...] = ()
    credentials: bool = False
    max_age: int | None = None


@frozen
class HttpTrigger:
    """`http: GET /images/{id}` (`method` may be `ANY`), or `http: default` (`method` and `path` empty)."""

    method: str
    path: str
    api: str = "api"
    auth: str = "none"
    """`none`, `iam` or the id of a user pool."""
    cors: Cors | None = None

    @property
    def is_default(self) -> bool:
        """Whether it takes whatever no other route takes."""
        return not self.method


@frozen
class BucketTrigger:
    """Objects created in or removed from a bucket; `events` as the manifest names them."""

    bucket: str
    events: tuple[str, ...] = ("created",)
    prefix: str | None = None
    suffix: str | None = None


@frozen
class QueueTrigger:
    """Messages of a queue; `window` in seconds; each of `filters` is a pattern, and any may match."""

    queue: str
    batch: int | None = None
    window: int | None = None
    max_concurrency: int | None = None
    filters: tuple[Mapping[str, Any], ...] = ()


@frozen
class OtherTrigger:
    """A trigger of a kind that the synthesis does not know yet; `fields` as written."""

    kind: str
    fields: Mapping[str, Any]


Trigger = HttpTrigger | BucketTrigger | QueueTrigger | OtherTrigger

# --- functions -------------------------------------------------------------------------------------------------------


@frozen
class Vpc:
    """The network in which a function runs."""

    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]


@frozen
class Function:
    """One function; sizes in MB, times in seconds, retention in days.

    `environment` is complete: the project's, the stage's and its own, merged.  `uses` maps the id of a resource or
    function to the operations of the code on it.
    """

    id: str
    runtime: str
    handler: str
    code: str
    description: str | None = None
    memory: int = 256
    timeout: int = 15
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    ephemeral_storage: int | None = None
    concurrency: int | None = None
    log_retention: int | None = None
    tracing: bool = False
    layers: tuple[str, ...] = ()
    vpc: Vpc | None = None
    dead_letter: str | None = None
    environment: Mapping[str, EnvironmentValue] = field(factory=dict)
    triggers: tuple[Trigger, ...] = ()
    uses: Mapping[str, tuple[str, ...]] = field(factory=dict)
    permissions: tuple[Mapping[str, Any], ...] = ()
    roles: tuple[str, ...] = ()
    service_account: str | None = None
    ingress: str | None = None
    min_instances: int | None = None
    max_instances: int | None = None
    origin: Origin = field(factory=Origin)
    """Paths as in the manifest: `("memory",)`, `("triggers", 0, "prefix")`, `("environment", "KEY")`."""


# --- resources -------------------------------------------------------------------------------------------------------


@frozen
class TableKey:
    """One key of a table or of its index."""

    name: str
    type: Literal["string", "number", "binary"] = "string"


@frozen
class TableIndex:
    """A secondary index; `project` is `all`, `keys` or the names of attributes."""

    name: str
    partition_key: TableKey
    sort_key: TableKey | None = None
    project: Literal["all", "keys"] | tuple[str, ...] = "all"


@frozen
class Throughput:
    """Provisioned capacity units."""

    read: int
    write: int


@frozen
class QueueDeadLetter:
    """Where a queue puts a message after it was received `after` times."""

    queue: str
    after: int = 3


@frozen(kw_only=True)
class ResourceBase:
    """What every resource has."""

    id: str
    name: str | None = None
    """The physical name, where the manifest sets one."""
    existing: str | None = None
    """Name, ARN or id of a thing that exists: nothing is made, it is only wired."""
    keep: bool = False
    """Whether it survives its removal and replacement."""
    properties: Mapping[str, Any] = field(factory=dict)
    """Properties of the generated resource, set directly; strings in it are `Text` where they hold references."""
    origin: Origin = field(factory=Origin)


@frozen(kw_only=True)
class Bucket(ResourceBase):
    """`type: bucket`."""

    versioned: bool = False
    public: bool = False
    cors: Cors | None = None
    expire_after_days: int | None = None


@frozen(kw_only=True)
class Table(ResourceBase):
    """`type: table`; `billing` is `onDemand` or provisioned; `ttl` names an attribute."""

    partition_key: TableKey | None = None
    """Missing only where the table exists."""
    sort_key: TableKey | None = None
    billing: Throughput | None = None
    """Nothing means on demand."""
    ttl: str | None = None
    indexes: tuple[TableIndex, ...] = ()
    stream: str | None = None
    """ARN of the stream of a table that exists."""


@frozen(kw_only=True)
class Queue(ResourceBase):
    """`type: queue`; times in seconds."""

    fifo: bool = False
    visibility_timeout: int | None = None
    retention: int | None = None
    dead_letter: QueueDeadLetter | None = None


@frozen(kw_only=True)
class Topic(ResourceBase):
    """`type: topic`."""

    fifo: bool = False


@frozen(kw_only=True)
class Api(ResourceBase):
    """`type: api`; the implicit one has the id `api` and the origin of the first trigger that needs it."""

    kind: Literal["http", "rest"] = "http"
    cors: Cors | None = None
    domain: str | None = None


@frozen(kw_only=True)
class Raw(ResourceBase):
    """A type of the cloud itself, such as `AWS::ElastiCache::CacheCluster`."""

    type: str


@frozen(kw_only=True)
class OtherResource(ResourceBase):
    """A resource of a named type that the synthesis does not know yet; `fields` as written."""

    type: str
    fields: Mapping[str, Any] = field(factory=dict)


Resource = Bucket | Table | Queue | Topic | Api | Raw | OtherResource

# --- the project -----------------------------------------------------------------------------------------------------


@frozen
class ManifestOutput:
    """One of `outputs`."""

    name: str
    value: Text
    description: str | None = None
    origin: Origin = field(factory=Origin)


@frozen
class AwsSettings:
    """The `aws` block."""

    region: str
    profile: str | None = None
    artifacts: str | None = None
    role: str | None = None
    tags: Mapping[str, str] = field(factory=dict)


@frozen
class GcpSettings:
    """The `gcp` block."""

    project: str
    region: str
    engine: Literal["infrastructure-manager", "deployment-manager"] = "infrastructure-manager"
    service_account: str | None = None
    artifacts: str | None = None
    labels: Mapping[str, str] = field(factory=dict)


@frozen
class Project:
    """A whole project, as its stage `stage` sees it (`None` where no stages are declared).

    `stack` is the name of the stack, with its references resolved.
    """

    name: str
    platform: Literal["aws", "gcp"]
    stack: str
    stage: str | None = None
    stages: tuple[str, ...] = ()
    description: str | None = None
    version: str | None = None
    aws: AwsSettings | None = None
    gcp: GcpSettings | None = None
    functions: Mapping[str, Function] = field(factory=dict)
    resources: Mapping[str, Resource] = field(factory=dict)
    outputs: Mapping[str, ManifestOutput] = field(factory=dict)
    template: Mapping[str, Any] | str | None = None
    """What is merged over the generated template, or the path of a file that holds it."""
    origin: Origin = field(factory=Origin)
    """Paths from the top: `("aws", "region")`, `("template", "Resources", "X")`."""


def pascal_case(name: str) -> str:
    """The logical id of a function or resource: `resize-image` and `resizeImage` become `ResizeImage`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))
