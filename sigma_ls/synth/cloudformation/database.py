"""Databases: one instance of RDS, or an Aurora cluster with one instance.

The master user's password is made and kept by RDS, in Secrets Manager: it is in no template and no manifest.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Database
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.expressions import Expression, arn, get_att, join, ref
from sigma_ls.synth.cloudformation.names import arn_resource
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.resource import main_part
from sigma_ls.synth.cloudformation.scope import Kind, Part, Scope, logical_id
from sigma_ls.synth.unsupported import Unsupported

DEFAULT_ENGINE = "postgres"
DEFAULT_SIZE = "db.t4g.micro"
DEFAULT_AURORA_SIZE = "db.serverless"
LEAST_STORAGE = 20
"""GB, of gp3 storage (RDS user guide, *Amazon RDS DB instance storage*); the default, too."""
SIGNED_IN_TO = ("aurora", "mariadb", "mysql", "postgres")
"""Beginnings of the engines to which one can sign in by IAM (RDS user guide, *Supported Regions and DB engines for IAM
database authentication*)."""
MASTER_USER = "sigma"
"""`admin`, `postgres` and `root` are reserved by one engine or another."""
CAPACITY = {"MinCapacity": 0.5, "MaxCapacity": 4}
"""Of a serverless cluster, in ACU: the least that never pauses, and a modest most; `properties` sets another."""


def is_aurora(database: Database) -> bool:
    """Whether it is a cluster."""
    return (database.engine or DEFAULT_ENGINE).startswith("aurora") or _is_cluster_arn(database.existing)


def _is_cluster_arn(existing: str | None) -> bool:
    return existing is not None and (arn_resource(existing) or "").startswith("cluster:")


def parts(scope: Scope, database: Database) -> Iterator[Part]:
    """Instance, or cluster and instance; a last snapshot is kept when it is removed."""
    if is_aurora(database):
        yield from _cluster(scope, database)
        return
    origin = database.origin
    storage = database.storage or LEAST_STORAGE
    if storage < LEAST_STORAGE:
        message = f"`{database.id}` has {storage} GB, and storage of RDS at least {LEAST_STORAGE}: raise `storage`."
        raise Unsupported(message, origin.at("storage"))
    properties: dict[str, Node] = {
        "AllocatedStorage": sourced(origin, str(storage), "storage"),
        "DBInstanceClass": sourced(origin, database.size or DEFAULT_SIZE, "size"),
        "DBInstanceIdentifier": sourced(origin, database.name, "name"),
        # Others refuse to be made with it.
        "EnableIAMDatabaseAuthentication": True if _is_signed_in_to(database) else None,
        "Engine": sourced(origin, database.engine or DEFAULT_ENGINE, "engine"),
        "ManageMasterUserPassword": True,
        "MasterUsername": MASTER_USER,
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
        "StorageType": "gp3",
    }
    yield main_part(scope, database, "AWS::RDS::DBInstance", properties, last="Snapshot")


def _cluster(scope: Scope, database: Database) -> Iterator[Part]:
    origin = database.origin
    if database.storage is not None:
        message = f"The storage of `{database.id}` grows by itself, as of every Aurora cluster: leave `storage` out."
        raise Unsupported(message, origin.at("storage"))
    size = database.size or DEFAULT_AURORA_SIZE
    engine = sourced(origin, database.engine, "engine")
    properties: dict[str, Node] = {
        "DBClusterIdentifier": sourced(origin, database.name, "name"),
        "EnableHttpEndpoint": True,
        "EnableIAMDatabaseAuthentication": True,
        "Engine": engine,
        "ManageMasterUserPassword": True,
        "MasterUsername": MASTER_USER,
        "ServerlessV2ScalingConfiguration": CAPACITY if size == DEFAULT_AURORA_SIZE else None,
        "StorageEncrypted": True,
    }
    yield main_part(scope, database, "AWS::RDS::DBCluster", properties, last="Snapshot")
    yield Part(
        logical_id=scope.ids.companion(database.id, kind="Instance"),
        type="AWS::RDS::DBInstance",
        owner=database.id,
        range=origin.key,
        properties={
            "DBClusterIdentifier": ref(logical_id(database.id)),
            "DBInstanceClass": sourced(origin, size, "size"),
            "Engine": engine,
            "PubliclyAccessible": False,
        },
        # It holds no data: the cluster does.
        last="Retain" if database.keep else "Delete",
    )


def attribute(scope: Scope, database: Database, name: str) -> Expression | None:
    """`name`, `arn`, `endpoint` and `port`; of one that exists only the first two are known."""
    del scope
    cluster = is_aurora(database)
    if database.existing is not None:
        resource = arn_resource(database.existing)
        match name:
            case "name":
                return join(database.existing if resource is None else resource.partition(":")[2])
            case "arn" if resource is None:
                return arn("rds", "cluster:" if cluster else "db:", database.existing)
            case "arn":
                return join(database.existing)
            case _:
                return None
    own = logical_id(database.id)
    match name:
        case "name":
            return ref(own)
        case "arn":
            return get_att(own, "DBClusterArn" if cluster else "DBInstanceArn")
        case "endpoint":
            return get_att(own, "Endpoint.Address")
        case "port":
            return get_att(own, "Endpoint.Port")
        case _:
            return None


KIND = Kind(parts=parts, attribute=attribute)


def users(scope: Scope, database: Database, place: Range) -> Expression:
    """The ARN of all database users: which of them the code signs in as, the manifest does not say."""
    del scope
    if database.existing is not None:
        message = (
            f"`{database.id}` exists already, so its resource id is not known here: allow `rds-db:connect` under the "
            "function's `permissions`."
        )
        raise Unsupported(message, place)
    if not _is_signed_in_to(database):
        message = (
            f"One cannot sign in to `{database.id}` by IAM, since {database.engine} does not know that. Let the function "
            "read the password of the master user from Secrets Manager."
        )
        raise Unsupported(message, place)
    resource_id = get_att(logical_id(database.id), "DBClusterResourceId" if is_aurora(database) else "DbiResourceId")
    return arn("rds-db", "dbuser:", resource_id, "/*")


def _is_signed_in_to(database: Database) -> bool:
    return (database.engine or DEFAULT_ENGINE).startswith(SIGNED_IN_TO)


def data_api(scope: Scope, database: Database, place: Range) -> Expression:
    """The ARN by which statements are run."""
    if not is_aurora(database):
        message = (
            f"`{database.id}` has no Data API: only Aurora has one. Set `engine` to aurora-postgresql or aurora-mysql, "
            "or use it for `connect`."
        )
        raise Unsupported(message, place)
    return scope.attribute(database.id, "arn", place)


def master_secret(scope: Scope, database: Database, place: Range) -> Expression | None:
    """The ARN of the secret with the master user's password; of a database that exists it is not known."""
    del scope, place
    return None if database.existing is not None else get_att(logical_id(database.id), "MasterUserSecret.SecretArn")
