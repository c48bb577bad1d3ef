"""The kinds of resources and triggers that can be deployed: to support another is to add its module here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sigma_ls.manifest.model import (
    Api,
    Bucket,
    BucketTrigger,
    Function,
    HttpTrigger,
    Queue,
    QueueTrigger,
    Raw,
    Table,
    Topic,
)
from sigma_ls.synth.cloudformation import bucket, function, http, queue, raw, table, topic
from sigma_ls.synth.cloudformation.scope import Kind, TriggerKind

KINDS: Mapping[type, Kind] = MappingProxyType(
    {
        Function: function.KIND,
        Api: http.KIND,
        Bucket: bucket.KIND,
        Queue: queue.KIND,
        Raw: raw.KIND,
        Table: table.KIND,
        Topic: topic.KIND,
    }
)

TRIGGER_KINDS: Mapping[type, TriggerKind] = MappingProxyType(
    {HttpTrigger: http.TRIGGER, BucketTrigger: bucket.TRIGGER, QueueTrigger: queue.TRIGGER}
)
