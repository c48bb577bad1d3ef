"""The kinds of resources and triggers that can be deployed: to support another is to add its module here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sigma_ls.manifest.model import (
    AlexaTrigger,
    Api,
    Bucket,
    BucketTrigger,
    Cache,
    Database,
    EventBus,
    EventTrigger,
    Function,
    HttpTrigger,
    IotTrigger,
    LogGroup,
    LogsTrigger,
    Queue,
    QueueTrigger,
    Raw,
    ScheduleTrigger,
    Secret,
    StateMachine,
    Stream,
    StreamTrigger,
    Table,
    TableTrigger,
    Topic,
    TopicTrigger,
    UrlTrigger,
    UserPool,
    UserPoolTrigger,
)
from sigma_ls.synth.cloudformation import (
    alexa,
    api,
    bucket,
    cache,
    database,
    event,
    function,
    iot,
    logs,
    queue,
    raw,
    schedule,
    secret,
    state_machine,
    stream,
    table,
    topic,
    url,
    user_pool,
)
from sigma_ls.synth.cloudformation.scope import Kind, TriggerKind

KINDS: Mapping[type, Kind] = MappingProxyType(
    {
        Function: function.KIND,
        Api: api.KIND,
        Bucket: bucket.KIND,
        Cache: cache.KIND,
        Database: database.KIND,
        EventBus: event.KIND,
        LogGroup: logs.KIND,
        Queue: queue.KIND,
        Raw: raw.KIND,
        Secret: secret.KIND,
        StateMachine: state_machine.KIND,
        Stream: stream.KIND,
        Table: table.KIND,
        Topic: topic.KIND,
        UserPool: user_pool.KIND,
    }
)

TRIGGER_KINDS: Mapping[type, TriggerKind] = MappingProxyType(
    {
        AlexaTrigger: alexa.TRIGGER,
        BucketTrigger: bucket.TRIGGER,
        EventTrigger: event.TRIGGER,
        HttpTrigger: api.TRIGGER,
        IotTrigger: iot.TRIGGER,
        LogsTrigger: logs.TRIGGER,
        QueueTrigger: queue.TRIGGER,
        ScheduleTrigger: schedule.TRIGGER,
        StreamTrigger: stream.TRIGGER,
        TableTrigger: table.TRIGGER,
        TopicTrigger: topic.TRIGGER,
        UrlTrigger: url.TRIGGER,
        UserPoolTrigger: user_pool.TRIGGER,
    }
)
