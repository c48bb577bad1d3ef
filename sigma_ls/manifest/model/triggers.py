"""What calls a function, one class for each kind of trigger; names and values as the manifest has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import frozen

from sigma_ls.manifest.texts import Text


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
class UrlTrigger:
    """`url: public` or `url: iam`: an address of the function's own."""

    auth: Literal["public", "iam"]
    cors: Cors | None = None


@frozen
class ScheduleTrigger:
    """`rate(…)`, `cron(…)` or `at(…)`; `input` is sent as JSON, a text as it is, and `None` sends the cloud's own event."""

    expression: str
    input: Any = None
    timezone: str | None = None
    enabled: bool = True


@frozen
class EventTrigger:
    """Events on a bus; `pattern` has the manifest's keys `source`, `detailType` and `detail`."""

    pattern: Mapping[str, Any]
    bus: str = "default"
    """`default` or the id of an event bus."""


@frozen
class TableTrigger:
    """Changes of a table's items; `window` in seconds."""

    table: str
    view: Literal["keys", "new", "old", "both"] = "both"
    start: Literal["latest", "oldest"] = "latest"
    batch: int | None = None
    window: int | None = None
    filters: tuple[Mapping[str, Any], ...] = ()


@frozen
class StreamTrigger:
    """Records of a stream; `window` in seconds, `parallel` batches of one shard at a time."""

    stream: str
    start: Literal["latest", "oldest"] = "latest"
    batch: int | None = None
    window: int | None = None
    parallel: int | None = None
    filters: tuple[Mapping[str, Any], ...] = ()


@frozen
class TopicTrigger:
    """Messages that are published to a topic."""

    topic: str
    filters: tuple[Mapping[str, Any], ...] = ()
    filter_scope: Literal["attributes", "body"] = "attributes"


@frozen
class UserPoolTrigger:
    """A step of a user pool, named as the manifest names it (`preSignUp`)."""

    user_pool: str
    on: str


@frozen
class LogsTrigger:
    """Lines of a log group: the id of a declared one, else its name in the cloud."""

    log_group: str
    filter: str | Text = ""


@frozen
class AlexaTrigger:
    """Requests of an Alexa skill."""

    skill: str


@frozen
class IotTrigger:
    """MQTT messages that an SQL statement selects."""

    sql: str


@frozen
class OtherTrigger:
    """A trigger of a kind that the synthesis does not know yet; `fields` as written."""

    kind: str
    fields: Mapping[str, Any]


Trigger = (
    HttpTrigger
    | UrlTrigger
    | ScheduleTrigger
    | EventTrigger
    | BucketTrigger
    | TableTrigger
    | StreamTrigger
    | QueueTrigger
    | TopicTrigger
    | UserPoolTrigger
    | LogsTrigger
    | AlexaTrigger
    | IotTrigger
    | OtherTrigger
)
