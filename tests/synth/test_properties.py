"""What holds for the template of every project."""

import re

from hypothesis import given, settings

from sigma_ls.synth import synthesize
from sigma_ls.synth.cloudformation.render import canonical_json
from tests.synth.graph import cycle, dangling
from tests.synth.strategies import projects, two_orders

many = settings(deadline=None, max_examples=150)


@many
@given(projects())
def test_nothing_depends_on_itself_and_nothing_is_missing(project):
    body = synthesize(project).body
    assert cycle(body) is None
    assert dangling(body) == set()


@many
@given(two_orders())
def test_the_order_in_the_manifest_does_not_show(orders):
    one, other = map(synthesize, orders)
    assert canonical_json(one.body) == canonical_json(other.body)
    assert (one.resources, one.parameters, one.unused) == (other.resources, other.parameters, other.unused)


@many
@given(projects())
def test_every_logical_id_is_one_that_cloudformation_takes_and_begins_with_its_owner(project):
    template = synthesize(project)
    assert set(template.resources) == set(template.body["Resources"])
    for logical_id, owner in template.resources.items():
        assert re.fullmatch(r"[A-Za-z0-9]{1,255}", logical_id)
        assert logical_id.lower().startswith(owner.replace("-", "").lower())


@many
@given(projects())
def test_every_function_has_a_role_of_its_own_and_a_log_group_that_comes_first(project):
    resources = synthesize(project).body["Resources"]
    functions = {name: r["Properties"] for name, r in resources.items() if r["Type"] == "AWS::Lambda::Function"}
    assert len(functions) == len(project.functions)
    roles = {properties["Role"]["Fn::GetAtt"][0] for properties in functions.values()}
    groups = {properties["LoggingConfig"]["LogGroup"]["Ref"] for properties in functions.values()}
    assert {resources[role]["Type"] for role in roles} <= {"AWS::IAM::Role"}
    assert {resources[group]["Type"] for group in groups} <= {"AWS::Logs::LogGroup"}
    assert len(roles) == len(groups) == len(functions)


@many
@given(projects())
def test_only_services_without_a_resource_level_are_allowed_on_everything(project):
    resources = synthesize(project).body["Resources"]
    for role in (r for r in resources.values() if "Policies" in r.get("Properties", {})):
        for statement in role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
            if statement["Resource"] == "*":
                for action in statement["Action"]:
                    assert action == "dynamodb:ListStreams" or action.partition(":")[0] in ("ec2", "sns", "xray")


@many
@given(projects())
def test_a_service_may_call_a_function_for_one_source_only(project):
    for each in synthesize(project).body["Resources"].values():
        if each["Type"] != "AWS::Lambda::Permission":
            continue
        properties = each["Properties"]
        if properties["Principal"] == "*":
            # Everyone, by the URL alone.
            assert {"FunctionUrlAuthType", "InvokedViaFunctionUrl"} & properties.keys()
        elif properties["Principal"] == "alexa-appkit.amazon.com":
            assert properties["EventSourceToken"]
        else:
            assert properties["SourceArn"]
        # The ARN of a bucket has no account.
        assert ("SourceAccount" in properties) or properties["Principal"] != "s3.amazonaws.com"


@many
@given(projects())
def test_no_role_can_be_taken_for_another_account(project):
    """Services that work for many accounts say for which; Lambda takes a role only by a function of its own account."""
    for each in synthesize(project).body["Resources"].values():
        if each["Type"] == "AWS::IAM::Role":
            (statement,) = each["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            service = statement["Principal"]["Service"]
            asked = statement.get("Condition", {}).get("StringEquals", {})
            assert service == "lambda.amazonaws.com" or "aws:SourceAccount" in asked


@many
@given(projects())
def test_everything_that_is_deployed_is_either_used_or_raw(project):
    template = synthesize(project)
    owners = set(template.resources.values())
    assert owners.isdisjoint(template.unused)
    assert owners | set(template.unused) == {*project.functions, *project.resources}
