"""Secrets, databases and caches."""

import pytest

from sigma_ls.manifest.model import Cache, Database, FromSecret, Secret
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import statements
from tests.synth.projects import function, project, ref

CLUSTER = "arn:aws:rds:eu-west-1:123456789012:cluster:theirs"


def body(*things):
    return synthesize(project(*things)).body


def used(thing, *operations, **environment):
    made = body(function(uses={thing.id: operations} if operations else {}, environment=environment), thing)
    return made["Resources"], made["Resources"]["Resize"]["Properties"].get("Environment", {}).get("Variables")


def granted(thing, *operations):
    made = body(function(uses={thing.id: operations}), thing)
    return [
        (each["Action"], each["Resource"]) for each in statements(made, "Resize") if "logs:" not in each["Action"][0]
    ]


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_a_secret_has_a_value_from_the_start():
    made, variables = used(
        Secret(id="key", description="Mine."),
        A=FromSecret("key", "password"),
        B=FromSecret("key"),
        C=ref("key", "name"),
    )
    assert made["Key"]["Properties"] == {
        "Description": "Mine.",
        "GenerateSecretString": {"GenerateStringKey": "password", "SecretStringTemplate": "{}"},
    }
    assert variables == {
        "A": {"Fn::Sub": "{{resolve:secretsmanager:${Key}:SecretString:password}}"},
        "B": {"Fn::Sub": "{{resolve:secretsmanager:${Key}:SecretString}}"},
        "C": {"Ref": "Key"},
    }


def test_the_first_value_does_not_change_with_what_is_asked_of_it():
    """Another GenerateSecretString would be a new value, over the one that was set in the cloud."""
    before, _ = used(Secret(id="key"), A=FromSecret("key"))
    after, _ = used(Secret(id="key"), A=FromSecret("key"), B=FromSecret("key", "password"))
    assert before["Key"] == after["Key"]


def test_a_key_that_the_secret_would_not_have():
    with pytest.raises(Unsupported, match="`key` is made with the key `password` only, so `user` could not be read"):
        used(Secret(id="key"), A=FromSecret("key", "user"))
    own = {"GenerateSecretString": {"SecretStringTemplate": '{"user":"me"}', "GenerateStringKey": "password"}}
    made, _ = used(Secret(id="key", properties=own), A=FromSecret("key", "user"))
    assert made["Key"]["Properties"] == own


@pytest.mark.parametrize(
    ("existing", "arn"),
    [
        (
            "prod/db",
            {"Fn::Sub": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:prod/db-??????"},
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf",
        ),
    ],
)
def test_an_existing_secret(existing, arn):
    secret = Secret(id="key", existing=existing)
    _, variables = used(secret, A=FromSecret("key", "any"))
    assert variables == {"A": f"{{{{resolve:secretsmanager:{existing}:SecretString:any}}}}"}
    assert granted(secret, "write") == [(["secretsmanager:PutSecretValue"], arn)]


# --- databases -------------------------------------------------------------------------------------------------------


def test_a_database():
    made, variables = used(Database(id="records"), HOST=ref("records", "endpoint"), PORT=ref("records", "port"))
    assert made["Records"] == {
        "Type": "AWS::RDS::DBInstance",
        # What is in it is not lost by a slip.
        "DeletionPolicy": "Snapshot",
        "UpdateReplacePolicy": "Snapshot",
        "Properties": {
            "AllocatedStorage": "20",
            "DBInstanceClass": "db.t4g.micro",
            "EnableIAMDatabaseAuthentication": True,
            "Engine": "postgres",
            "ManageMasterUserPassword": True,
            "MasterUsername": "sigma",
            "PubliclyAccessible": False,
            "StorageEncrypted": True,
            "StorageType": "gp3",
        },
    }
    assert variables == {
        "HOST": {"Fn::GetAtt": ["Records", "Endpoint.Address"]},
        "PORT": {"Fn::GetAtt": ["Records", "Endpoint.Port"]},
    }


def test_the_options_of_a_database():
    made, _ = used(Database(id="records", engine="mysql", size="db.m7g.large", storage=100, keep=True), "connect")
    assert (made["Records"]["DeletionPolicy"], made["Records"]["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = made["Records"]["Properties"]
    assert (properties["Engine"], properties["DBInstanceClass"]) == ("mysql", "db.m7g.large")
    assert properties["AllocatedStorage"] == "100"


def test_an_engine_without_signing_in_by_iam_is_made_without_it():
    made, _ = used(Database(id="records", engine="sqlserver-ex", size="db.t3.small"), HOST=ref("records", "endpoint"))
    assert "EnableIAMDatabaseAuthentication" not in made["Records"]["Properties"]


def test_an_aurora_cluster():
    made, variables = used(Database(id="records", engine="aurora-postgresql"), HOST=ref("records", "endpoint"))
    assert made["Records"]["Type"] == "AWS::RDS::DBCluster"
    assert made["Records"]["Properties"]["ServerlessV2ScalingConfiguration"] == {"MaxCapacity": 4, "MinCapacity": 0.5}
    assert made["RecordsInstance"]["Properties"] == {
        "DBClusterIdentifier": {"Ref": "Records"},
        "DBInstanceClass": "db.serverless",
        "Engine": "aurora-postgresql",
        "PubliclyAccessible": False,
    }
    assert variables == {"HOST": {"Fn::GetAtt": ["Records", "Endpoint.Address"]}}
    provisioned, _ = used(Database(id="records", engine="aurora-mysql", size="db.r7g.large"), "connect")
    assert "ServerlessV2ScalingConfiguration" not in provisioned["Records"]["Properties"]
    assert provisioned["RecordsInstance"]["Properties"]["DBInstanceClass"] == "db.r7g.large"


def test_signing_in_to_exactly_that_database():
    assert granted(Database(id="records"), "connect") == [
        (
            ["rds-db:connect"],
            {
                "Fn::Sub": "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:${Records.DbiResourceId}/*"
            },
        )
    ]


def test_statements_by_the_data_api():
    found = granted(Database(id="records", engine="aurora-mysql"), "query")
    assert [resource for _, resource in found] == [
        {"Fn::GetAtt": ["Records", "DBClusterArn"]},
        {"Fn::GetAtt": ["Records", "MasterUserSecret.SecretArn"]},
    ]
    assert [resource for _, resource in granted(Database(id="records", existing=CLUSTER), "query")] == [CLUSTER]


@pytest.mark.parametrize(
    ("database", "operation", "message"),
    [
        (Database(id="records"), "query", "has no Data API: only Aurora has one"),
        (Database(id="records", existing="theirs"), "connect", "its resource id is not known here"),
        (Database(id="records", engine="aurora-mysql", storage=20), "connect", "leave `storage` out"),
        (Database(id="records", engine="oracle-se2"), "connect", "oracle-se2 does not know that"),
        (Database(id="records", storage=10), "connect", "has 10 GB, and storage of RDS at least 20"),
    ],
)
def test_what_databases_cannot(database, operation, message):
    with pytest.raises(Unsupported, match=message):
        used(database, operation)


@pytest.mark.parametrize("thing", [Database(id="x", existing="theirs"), Cache(id="x", existing="theirs")])
def test_of_what_exists_only_name_and_arn_are_known(thing):
    _, variables = used(thing, NAME=ref("x", "name"), ARN=ref("x", "arn"))
    assert variables["NAME"] == "theirs"
    assert variables["ARN"]["Fn::Sub"].endswith(":theirs")
    with pytest.raises(Unsupported, match="`x` has no attribute `endpoint` that this version can give"):
        used(thing, HOST=ref("x", "endpoint"))


# --- caches ----------------------------------------------------------------------------------------------------------


def test_a_cache():
    made, variables = used(Cache(id="x"), HOST=ref("x", "endpoint"), PORT=ref("x", "port"), ARN=ref("x", "arn"))
    assert made["X"]["Properties"] == {
        "AtRestEncryptionEnabled": True,
        "AutomaticFailoverEnabled": False,
        "CacheNodeType": "cache.t4g.micro",
        "Engine": "valkey",
        "MultiAZEnabled": False,
        "NumCacheClusters": 1,
        "ReplicationGroupDescription": "x of app",
        "TransitEncryptionEnabled": True,
    }
    assert variables["HOST"] == {"Fn::GetAtt": ["X", "PrimaryEndPoint.Address"]}
    assert variables["ARN"]["Fn::Sub"].endswith(":replicationgroup:${X}")


def test_a_second_node_takes_over():
    made, _ = used(Cache(id="x", nodes=2), NAME=ref("x", "name"))
    properties = made["X"]["Properties"]
    assert properties["AutomaticFailoverEnabled"] is properties["MultiAZEnabled"] is True


def test_memcached():
    made, variables = used(Cache(id="x", engine="memcached", nodes=3, name="mine"), HOST=ref("x", "endpoint"))
    assert made["X"] == {
        "Type": "AWS::ElastiCache::CacheCluster",
        "Properties": {
            "CacheNodeType": "cache.t4g.micro",
            "ClusterName": "mine",
            "Engine": "memcached",
            "NumCacheNodes": 3,
            "TransitEncryptionEnabled": True,
        },
    }
    assert variables == {"HOST": {"Fn::GetAtt": ["X", "ConfigurationEndpoint.Address"]}}
