"""Triggers by URL, schedule, event, log line, skill and MQTT message."""

import pytest

from sigma_ls.manifest.model import (
    AlexaTrigger,
    Bucket,
    Cors,
    EventBus,
    EventTrigger,
    IotTrigger,
    LogGroup,
    LogsTrigger,
    Pseudo,
    Reference,
    ScheduleTrigger,
    Text,
    Topic,
    UrlTrigger,
)
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.graph import cycle
from tests.synth.projects import function, project, ref

FUNCTION = {"Fn::GetAtt": ["Resize", "Arn"]}


def called(*triggers, things=(), **more):
    return synthesize(project(function(triggers=triggers, **more), *things)).body["Resources"]


def of_type(made, type_name):
    return {name: each["Properties"] for name, each in made.items() if each["Type"] == type_name}


# --- url -------------------------------------------------------------------------------------------------------------


def test_a_public_url_has_both_permissions():
    made = called(UrlTrigger("public"))
    assert made["ResizeUrl"]["Properties"] == {"AuthType": "NONE", "TargetFunctionArn": FUNCTION}
    assert of_type(made, "AWS::Lambda::Permission") == {
        "ResizeUrlPermission": {
            "Action": "lambda:InvokeFunctionUrl",
            "FunctionName": FUNCTION,
            "FunctionUrlAuthType": "NONE",
            "Principal": "*",
        },
        "ResizeUrlInvokePermission": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": FUNCTION,
            "InvokedViaFunctionUrl": True,
            "Principal": "*",
        },
    }


def test_a_url_for_those_who_sign_lets_nobody_in_by_itself():
    made = called(UrlTrigger("iam"))
    assert made["ResizeUrl"]["Properties"]["AuthType"] == "AWS_IAM"
    assert of_type(made, "AWS::Lambda::Permission") == {}


def test_the_pages_that_may_call_a_url():
    cors = Cors(origins=("https://a.example",), methods=("GET", "OPTIONS"), headers=(), credentials=True, max_age=5)
    assert called(UrlTrigger("iam", cors))["ResizeUrl"]["Properties"]["Cors"] == {
        "AllowCredentials": True,
        # A URL answers OPTIONS by itself, and does not take it here.
        "AllowMethods": ["GET"],
        "AllowOrigins": ["https://a.example"],
        "MaxAge": 5,
    }
    assert called(UrlTrigger("iam", Cors(methods=("ANY",))))["ResizeUrl"]["Properties"]["Cors"]["AllowMethods"] == ["*"]


def test_others_know_the_url():
    other = function("other", environment={"URL": ref("resize", "url")})
    made = called(UrlTrigger("public"), things=(other,))
    variables = made["Other"]["Properties"]["Environment"]["Variables"]
    assert variables == {"URL": {"Fn::GetAtt": ["ResizeUrl", "FunctionUrl"]}}


# --- schedule --------------------------------------------------------------------------------------------------------


def test_a_schedule_calls_by_a_role_of_its_own():
    made = called(ScheduleTrigger("rate(1 day)", timezone="Europe/Berlin"))
    assert made["ResizeSchedule"]["Properties"] == {
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ScheduleExpression": "rate(1 day)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "State": "ENABLED",
        "Target": {"Arn": FUNCTION, "RoleArn": {"Fn::GetAtt": ["ResizeScheduleRole", "Arn"]}},
    }
    role = made["ResizeScheduleRole"]["Properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
            "Principal": {"Service": "scheduler.amazonaws.com"},
        }
    ]
    assert role["Policies"][0]["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": FUNCTION}
    ]
    assert of_type(made, "AWS::Lambda::Permission") == {}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (None, None),
        ("as it is", "as it is"),
        (Text(("in ", Pseudo("region"))), {"Fn::Sub": "in ${AWS::Region}"}),
        ({"b": [1, True, None], "a": 'say "${x}"'}, '{"a":"say \\"${x}\\"","b":[1,true,null]}'),
        (
            {"to": Text(('"', Reference("news", "arn"), '" ${x}'))},
            {"Fn::Sub": '{"to":"\\"${News}\\" ${!x}"}'},
        ),
        (7, "7"),
    ],
)
def test_what_a_schedule_sends(given, sent):
    made = called(ScheduleTrigger("rate(1 day)", input=given), things=(Topic(id="news"),))
    assert made["ResizeSchedule"]["Properties"]["Target"].get("Input") == sent


def test_schedules_are_named_by_what_they_say_not_by_their_order():
    one, other = ScheduleTrigger("rate(1 day)"), ScheduleTrigger("rate(1 day)", input={"a": 1}, enabled=False)
    made = of_type(called(one, other), "AWS::Scheduler::Schedule")
    assert made == of_type(called(other, one), "AWS::Scheduler::Schedule")
    assert sorted(each["State"] for each in made.values()) == ["DISABLED", "ENABLED"]
    assert [*of_type(called(other), "AWS::Scheduler::Schedule")] == ["ResizeSchedule"]


def test_the_same_schedule_twice():
    with pytest.raises(Unsupported, match="wired twice"):
        called(ScheduleTrigger("rate(1 day)"), ScheduleTrigger("rate(1 day)"))


# --- event -----------------------------------------------------------------------------------------------------------


def test_events_on_the_accounts_own_bus():
    pattern = {"source": ("aws.ec2",), "detailType": ("Stopped",), "detail": {"by": [Text((Pseudo("stack"),))]}}
    made = called(EventTrigger(pattern))
    assert made["ResizeRule"]["Properties"] == {
        "EventPattern": {"detail": {"by": ["app"]}, "detail-type": ["Stopped"], "source": ["aws.ec2"]},
        "Targets": [{"Arn": FUNCTION, "Id": "Resize"}],
    }
    assert made["ResizeRulePermission"]["Properties"] == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": FUNCTION,
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": ["ResizeRule", "Arn"]},
    }


def test_a_pattern_with_numbers_is_a_text():
    """CloudFormation would make texts of the numbers, and no event would match."""
    made = called(EventTrigger({"detail": {"total": [{"numeric": [">", 100]}]}}))
    assert made["ResizeRule"]["Properties"]["EventPattern"] == '{"detail":{"total":[{"numeric":[">",100]}]}}'


@pytest.mark.parametrize(
    ("bus", "named"),
    [
        (EventBus(id="orders"), {"Ref": "Orders"}),
        (EventBus(id="orders", existing="theirs"), "theirs"),
        (
            EventBus(id="orders", existing="arn:aws:events:eu-west-1:210987654321:event-bus/theirs"),
            "arn:aws:events:eu-west-1:210987654321:event-bus/theirs",
        ),
    ],
)
def test_events_on_another_bus(bus, named):
    made = called(EventTrigger({"source": ("shop",)}, "orders"), things=(bus,))
    assert made["OrdersResizeRule"]["Properties"]["EventBusName"] == named
    assert ("Orders" in made) is (bus.existing is None)


def test_a_bus_is_named_by_its_stack():
    made = called(EventTrigger({"source": ("shop",)}, "orders"), things=(EventBus(id="orders"),))
    assert made["Orders"]["Properties"] == {"Name": "app-Orders"}


def test_rules_of_one_function_are_named_by_their_patterns():
    one, other = EventTrigger({"source": ("a",)}), EventTrigger({"source": ("b",)})
    assert of_type(called(one, other), "AWS::Events::Rule") == of_type(called(other, one), "AWS::Events::Rule")


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        (EventTrigger({}), "needs a pattern"),
        (UrlTrigger("iam", Cors(credentials=True)), "list the pages under `origins`"),
        (EventTrigger({"source": ("a",)}, "images"), "`images` is no event bus"),
        (LogsTrigger("images"), "`images` is no log group"),
    ],
)
def test_what_is_refused(trigger, message):
    with pytest.raises(Unsupported, match=message):
        called(trigger, things=(Bucket(id="images"),))


# --- logs ------------------------------------------------------------------------------------------------------------


def test_lines_of_a_declared_log_group():
    made = called(LogsTrigger("audit", "ERROR"), things=(LogGroup(id="audit", retention=7),))
    assert made["Audit"]["Properties"] == {"RetentionInDays": 7}
    assert made["AuditResizeSubscription"] == {
        "Type": "AWS::Logs::SubscriptionFilter",
        # The filter is refused where CloudWatch Logs may not call the function.
        "DependsOn": ["AuditResizePermission"],
        "Properties": {"DestinationArn": FUNCTION, "FilterPattern": "ERROR", "LogGroupName": {"Ref": "Audit"}},
    }
    permission = made["AuditResizePermission"]["Properties"]
    assert (permission["Principal"], permission["SourceAccount"]) == ("logs.amazonaws.com", {"Ref": "AWS::AccountId"})
    # It ends in `:*`.
    assert permission["SourceArn"] == {"Fn::GetAtt": ["Audit", "Arn"]}


def test_references_in_the_filter_of_a_log_group():
    pattern = Text(('{ $.bucket = "', Reference("images", "name"), '" }'))
    made = called(LogsTrigger("/shop", pattern), things=(Bucket(id="images"),))
    (subscription,) = of_type(made, "AWS::Logs::SubscriptionFilter").values()
    assert subscription["FilterPattern"] == {"Fn::Sub": '{ $.bucket = "${Images}" }'}


def test_lines_of_a_log_group_by_its_name():
    made = called(LogsTrigger("/aws/lambda/other"), LogsTrigger("another"))
    filters = of_type(made, "AWS::Logs::SubscriptionFilter")
    assert sorted(each["LogGroupName"] for each in filters.values()) == ["/aws/lambda/other", "another"]
    assert {each["FilterPattern"] for each in filters.values()} == {""}
    sources = [each["SourceArn"]["Fn::Sub"] for each in of_type(made, "AWS::Lambda::Permission").values()]
    assert all(source.endswith((":log-group:/aws/lambda/other:*", ":log-group:another:*")) for source in sources)


@pytest.mark.parametrize(
    "existing",
    [
        "theirs",
        "arn:aws:logs:eu-west-1:123456789012:log-group:theirs",
        "arn:aws:logs:eu-west-1:123456789012:log-group:theirs:*",
    ],
)
def test_an_existing_log_group(existing):
    made = called(
        LogsTrigger("audit"), things=(LogGroup(id="audit", existing=existing),), environment={"A": ref("audit", "arn")}
    )
    assert made["AuditResizeSubscription"]["Properties"]["LogGroupName"] == "theirs"
    assert str(made["Resize"]["Properties"]["Environment"]["Variables"]["A"]).count(":*") == 1


# --- alexa, iot ------------------------------------------------------------------------------------------------------

SKILL = "amzn1.ask.skill.1"


def test_a_skill_is_known_by_its_id():
    assert called(AlexaTrigger(SKILL))["ResizeAlexaPermission"]["Properties"] == {
        "Action": "lambda:InvokeFunction",
        "EventSourceToken": SKILL,
        "FunctionName": FUNCTION,
        "Principal": "alexa-appkit.amazon.com",
    }


def test_mqtt_messages():
    made = called(IotTrigger("SELECT * FROM 'a'"))
    assert made["ResizeTopicRule"]["Properties"] == {
        "TopicRulePayload": {
            "Actions": [{"Lambda": {"FunctionArn": FUNCTION}}],
            "AwsIotSqlVersion": "2016-03-23",
            "Sql": "SELECT * FROM 'a'",
        }
    }
    permission = made["ResizeTopicRulePermission"]["Properties"]
    assert permission["Principal"] == "iot.amazonaws.com"
    assert permission["SourceArn"] == {"Fn::GetAtt": ["ResizeTopicRule", "Arn"]}
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_names_of_companions_never_clash():
    """A function `ruleish` of that id beside the rule's permission."""
    app = project(function(triggers=(EventTrigger({"source": ("a",)}),)), function("resizeRulePermission"))
    body = synthesize(app).body
    assert body["Resources"]["ResizeRulePermission"]["Type"] == "AWS::Lambda::Function"
    assert len(of_type(body["Resources"], "AWS::Lambda::Permission")) == 1
    assert cycle(body) is None
