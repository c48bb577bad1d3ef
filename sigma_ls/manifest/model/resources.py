"""Resources, one class for each named type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from sigma_ls.manifest.model.triggers import Cors
from sigma_ls.manifest.texts import Origin


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
class Stream(ResourceBase):
    """`type: stream`; without `shards` its capacity is on demand; `retention` in hours."""

    shards: int | None = None
    retention: int | None = None


@frozen
class ApiDomain:
    """A domain name of an api, the ARN of its certificate, and the id of the hosted zone for its records.

    The language sees to it that there is a certificate or a zone.
    """

    name: str
    certificate: str | None = None
    zone: str | None = None


@frozen(kw_only=True)
class Api(ResourceBase):
    """`type: api`; the implicit one has the id `api` and the origin of the first trigger that needs it."""

    kind: Literal["http", "rest"] = "http"
    cors: Cors | None = None
    domain: ApiDomain | None = None


@frozen
class UserPoolClient:
    """An application that signs users in; `callbacks` are URLs."""

    name: str
    secret: bool = False
    callbacks: tuple[str, ...] = ()


@frozen(kw_only=True)
class UserPool(ResourceBase):
    """`type: userPool`; `sign_in` of `email`, `phone` and `username`; clients as declared, the first one first."""

    sign_in: tuple[str, ...] = ()
    clients: tuple[UserPoolClient, ...] = ()


@frozen(kw_only=True)
class Secret(ResourceBase):
    """`type: secret`."""

    description: str | None = None


@frozen(kw_only=True)
class Database(ResourceBase):
    """`type: database`; `engine` and `size` as the cloud names them, `storage` in GB."""

    engine: str | None = None
    size: str | None = None
    storage: int | None = None


@frozen(kw_only=True)
class Cache(ResourceBase):
    """`type: cache`; `size` as the cloud names it."""

    engine: Literal["redis", "valkey", "memcached"] | None = None
    size: str | None = None
    nodes: int | None = None


@frozen(kw_only=True)
class EventBus(ResourceBase):
    """`type: eventBus`."""


@frozen(kw_only=True)
class LogGroup(ResourceBase):
    """`type: logGroup`; `retention` in days."""

    retention: int | None = None


@frozen(kw_only=True)
class StateMachine(ResourceBase):
    """`type: stateMachine`; `definition` in Amazon States Language, or the path of a file that holds it."""

    definition: Mapping[str, Any] | str | None = None


@frozen(kw_only=True)
class Raw(ResourceBase):
    """A type of the cloud itself, such as `AWS::ElastiCache::CacheCluster`."""

    type: str


Resource = (
    Bucket
    | Table
    | Queue
    | Topic
    | Stream
    | Api
    | UserPool
    | Secret
    | Database
    | Cache
    | EventBus
    | LogGroup
    | StateMachine
    | Raw
)
