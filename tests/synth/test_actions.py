"""All actions that are ever granted exist, and apply to the resources that they are granted on.

Checked against the Service Authorization Reference as cfn-lint ships it.
"""

import json
import re
from importlib.resources import files

import pytest

from sigma_ls.synth.cloudformation.operations import OPERATIONS
from tests.synth.cases import CASES
from tests.synth.wiring import text

POLICIES = json.loads(files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text("utf-8"))

ARNS = {
    "Cluster.DBClusterArn": "arn:aws:rds:eu-west-1:1:cluster:x",
    "Cluster.MasterUserSecret.SecretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:x",
}
"""What stands for references whose attribute is no `Arn` of a type that `BY_TYPE` knows."""
BY_TYPE = {
    "AWS::Cognito::UserPool": "arn:aws:cognito-idp:eu-west-1:1:userpool/x",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:eu-west-1:1:table/x",
    "AWS::Events::EventBus": "arn:aws:events:eu-west-1:1:event-bus/x",
    "AWS::Kinesis::Stream": "arn:aws:kinesis:eu-west-1:1:stream/x",
    "AWS::Lambda::Function": "arn:aws:lambda:eu-west-1:1:function:x",
    "AWS::Logs::LogGroup": "arn:aws:logs:eu-west-1:1:log-group:x:*",
    "AWS::S3::Bucket": "arn:aws:s3:::x",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-west-1:1:x",
    "AWS::SNS::Topic": "arn:aws:sns:eu-west-1:1:x",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:eu-west-1:1:secret:x",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:eu-west-1:1:stateMachine:x",
}
PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::AccountId": "1"}


def known(action):
    """The types of resource that an action applies to; those without a resource level have none."""
    service, _, name = action.partition(":")
    assert name.lower() in POLICIES[service]["Actions"], action
    return POLICIES[service]["Actions"][name.lower()].get("Resources", ())


def formats(action):
    """The ARNs that an action applies to, as patterns."""
    resources = {name.lower(): each for name, each in POLICIES[action.partition(":")[0]]["Resources"].items()}
    for kind in known(action):
        for arn in resources[kind.lower()]["ARNFormats"]:
            yield re.sub(r"\$\{\w+\}", "[^:]*", arn)


def written_out(resource, body):
    def arn(match):
        name = match[1]
        if name in PSEUDO:
            return PSEUDO[name]
        logical_id, _, attribute = name.partition(".")
        if name in ARNS:
            return ARNS[name]
        by_ref = body["Resources"][logical_id]["Type"]
        is_arn = attribute in ("Arn", "StreamArn") or (
            not attribute
            and by_ref in ("AWS::SNS::Topic", "AWS::SecretsManager::Secret", "AWS::StepFunctions::StateMachine")
        )
        found = BY_TYPE[by_ref] if is_arn else "x"
        return f"{found}/stream/x" if attribute == "StreamArn" else found

    return re.sub(r"\$\{([\w.:]+)\}", arn, text(resource))


def generated(case):
    """Each action with each resource that it is granted on, but for what the manifest says itself."""
    body = case.synthesize().body
    own = {action for f in case.project().functions.values() for s in f.permissions for action in s["Action"]}
    for each in body["Resources"].values():
        properties = each.get("Properties", {})
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", ())]
        if each["Type"] == "AWS::IAM::Policy":
            documents.append(properties["PolicyDocument"])
        for document in documents:
            for statement in document["Statement"]:
                listed = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
                for action in {*statement["Action"]} - own:
                    yield action, [written_out(resource, body) for resource in listed]


def test_every_operation_is_made_of_actions_that_exist():
    for operations in OPERATIONS.values():
        for rules in operations.values():
            for rule in rules:
                for action in rule.actions:
                    assert action.endswith(":*") or known(action) is not None


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_actions_are_granted_on_resources_that_they_apply_to(case):
    for action, granted in generated(case):
        if action.endswith(":*"):
            assert "*" not in granted
            continue
        patterns = [*formats(action)]
        if granted == ["*"]:
            # Nothing is granted on everything that has a resource level: but for text messages, whose numbers are no
            # resources, and network interfaces, of which there are none when Lambda checks the role.
            assert not patterns or action == "sns:Publish" or action.startswith("ec2:"), action
            continue
        fitting = [arn for arn in granted if any(re.match(pattern, arn) for pattern in patterns)]
        # Where it is granted on several, such as a table and its indexes, it applies to each.
        assert fitting == granted, (action, granted, patterns)
