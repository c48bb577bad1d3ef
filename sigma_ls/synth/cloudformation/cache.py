"""Caches: a replication group of Valkey or Redis OSS, or a cluster of Memcached."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Cache
from sigma_ls.synth.cloudformation.expressions import Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import arn_resource
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, logical_id

DEFAULT_ENGINE = "valkey"
"""Compatible with Redis OSS, and the cheapest."""
DEFAULT_SIZE = "cache.t4g.micro"
MEMCACHED = "memcached"


def parts(scope: Scope, cache: Cache) -> Iterator[Part]:
    """The group or cluster; what is sent to it is encrypted (clients connect by TLS)."""
    origin = cache.origin
    engine = cache.engine or DEFAULT_ENGINE
    nodes = cache.nodes or 1
    properties: dict[str, Node] = {
        "CacheNodeType": sourced(origin, cache.size or DEFAULT_SIZE, "size"),
        "Engine": sourced(origin, engine, "engine"),
        "TransitEncryptionEnabled": True,
    }
    if engine == MEMCACHED:
        properties |= {
            "ClusterName": sourced(origin, cache.name, "name"),
            "NumCacheNodes": sourced(origin, nodes, "nodes"),
        }
        yield main_part(scope, cache, "AWS::ElastiCache::CacheCluster", properties)
        return
    properties |= {
        "AtRestEncryptionEnabled": True,
        # With a second node there is one to take over.
        "AutomaticFailoverEnabled": nodes > 1,
        "MultiAZEnabled": nodes > 1,
        "NumCacheClusters": sourced(origin, nodes, "nodes"),
        "ReplicationGroupDescription": f"{cache.id} of {scope.project.stack}",
        "ReplicationGroupId": sourced(origin, cache.name, "name"),
    }
    yield main_part(scope, cache, "AWS::ElastiCache::ReplicationGroup", properties, last="Delete")


def attribute(scope: Scope, cache: Cache, name: str) -> Expression | None:
    """`name`, `arn`, `endpoint` and `port`; of one that exists only the first two are known."""
    del scope
    memcached = cache.engine == MEMCACHED
    kind = "cluster:" if memcached else "replicationgroup:"
    own = logical_id(cache.id)
    endpoint = "ConfigurationEndpoint" if memcached else "PrimaryEndPoint"
    existing = cache.existing
    resource = arn_resource(existing) if existing is not None else None
    match name:
        case "name" if existing is not None:
            return join(existing if resource is None else resource.partition(":")[2])
        case "arn" if existing is not None:
            return arn("elasticache", kind, existing) if resource is None else join(existing)
        case "name":
            return ref(own)
        case "arn":
            return arn("elasticache", kind, ref(own))
        case "endpoint" if existing is None:
            return get_att(own, f"{endpoint}.Address")
        case "port" if existing is None:
            return get_att(own, f"{endpoint}.Port")
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)
