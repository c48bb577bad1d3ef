"""What a template wires, whatever it is written like: which calls which function how, and who may."""

import json
import re
from fnmatch import fnmatchcase

from attrs import frozen


def text(value):
    """A value with references as text: `${Images.Arn}`."""
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": [str(template), dict(bound)]}:
            for name, each in bound.items():
                template = template.replace(f"${{{name}}}", text(each))
            return text({"Fn::Sub": template})
        case {"Fn::Sub": str(template)}:
            return template.replace("${AWS::Partition}", "aws")
        case dict():
            return {key: text(each) for key, each in value.items()}
        case list():
            return [text(each) for each in value]
    return value


def pattern(value):
    """A pattern, whether as JSON or as a text of it."""
    return json.dumps(json.loads(value) if isinstance(value, str) else text(value), sort_keys=True)


def function_of(value):
    """The logical id of the function that an ARN, a name or the URI of an integration means."""
    (name,) = re.findall(r"\$\{(\w+)(?:\.Arn)?\}(?:/invocations)?$", value if isinstance(value, str) else text(value))
    return name


@frozen
class Permission:
    function: str
    action: str
    principal: str
    source: str
    more: tuple[tuple[str, object], ...]

    def is_within(self, other):
        """Whether the other lets in whoever this one does."""
        return (
            (self.function, self.action, self.principal) == (other.function, other.action, other.principal)
            and (not other.source or fnmatchcase(self.source, other.source.replace("[", "[[]")))
            and {*other.more} <= {*self.more}
        )


class Wiring:
    """A template, looked at for what it wires."""

    def __init__(self, body):
        self.resources = body["Resources"]

    def of(self, type_name):
        return {name: each.get("Properties", {}) for name, each in self.resources.items() if each["Type"] == type_name}

    def functions(self):
        settings = (
            *("Architectures", "Environment", "EphemeralStorage", "Handler", "Layers", "MemorySize", "Runtime"),
            *("ReservedConcurrentExecutions", "Timeout", "TracingConfig", "VpcConfig", "DeadLetterConfig"),
        )
        return {
            name: {key: text(each[key]) for key in settings if key in each}
            for name, each in self.of("AWS::Lambda::Function").items()
        }

    def triggers(self):
        """All ways in which functions are called, each as a tuple."""
        return {*self._mapped(), *self._routed(), *self._pushed(), *self._named()}

    def _named(self):
        """Domains with what they lead to, and the records that lead to them."""
        domains = {}
        for kind in ("AWS::ApiGatewayV2::DomainName", "AWS::ApiGateway::DomainName"):
            for name, each in self.of(kind).items():
                domains[f"${{{name}}}"] = each["DomainName"]
                options = json.dumps({key: text(each[key]) for key in each if key != "Tags"}, sort_keys=True)
                yield "domain", kind, options
        for kind, api in (
            ("AWS::ApiGatewayV2::ApiMapping", "ApiId"),
            ("AWS::ApiGateway::BasePathMapping", "RestApiId"),
        ):
            for each in self.of(kind).values():
                stage = self.resources[each["Stage"]["Ref"]]["Type"]
                yield "leads to", domains[text(each["DomainName"])], text(each[api]), each.get("BasePath"), stage
        for each in (
            *self.of("AWS::Route53::RecordSet").values(),
            *(
                {**one, "HostedZoneId": group["HostedZoneId"]}
                for group in self.of("AWS::Route53::RecordSetGroup").values()
                for one in group["RecordSets"]
            ),
        ):
            target = {key: re.sub(r".*\.", "", text(value)) for key, value in each["AliasTarget"].items()}
            yield "record", each["Name"], each["Type"], each["HostedZoneId"], json.dumps(target, sort_keys=True)

    def _mapped(self):
        for each in self.of("AWS::Lambda::EventSourceMapping").values():
            filters = each.get("FilterCriteria", {}).get("Filters", ())
            keys = ("StartingPosition", "BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor")
            scaling = each.get("ScalingConfig", {}).get("MaximumConcurrency")
            patterns = tuple(sorted(pattern(one["Pattern"]) for one in filters))
            options = tuple(each.get(key) for key in keys)
            yield "mapping", text(each["EventSourceArn"]), function_of(each["FunctionName"]), options, scaling, patterns

    def _routed(self):
        targets = {
            name: function_of(each["IntegrationUri"])
            for name, each in self.of("AWS::ApiGatewayV2::Integration").items()
        }
        for each in self.of("AWS::ApiGatewayV2::Route").values():
            method, _, path = each["RouteKey"].partition(" ")
            target = targets[text(each["Target"])[len("integrations/${") : -1]]
            yield "http", method, path, target, {"AWS_IAM": "iam", "JWT": "pool"}.get(each.get("AuthorizationType"))
        paths = {
            name: (text(each["ParentId"]), each["PathPart"])
            for name, each in self.of("AWS::ApiGateway::Resource").items()
        }

        def whole(reference):
            parent, part = paths.get(reference[2:-1], ("", ""))
            return f"{whole(parent)}/{part}" if part else ""

        kinds = {"AWS_IAM": "iam", "COGNITO_USER_POOLS": "pool"}
        for each in self.of("AWS::ApiGateway::Method").values():
            function = function_of(each["Integration"]["Uri"])
            auth = kinds.get(each["AuthorizationType"])
            yield "http", each["HttpMethod"], whole(text(each["ResourceId"])) or "/", function, auth
        for kind in ("AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi"):
            for api in self.of(kind).values():
                for path, methods in api.get("Body", {}).get("paths", {}).items():
                    for method, each in methods.items():
                        (auth,) = [next(iter(one)) for one in each.get("security", ())] or [None]
                        name = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
                        route = ("$default", "") if path == "$default" else (name, path)
                        function = function_of(each["x-amazon-apigateway-integration"]["uri"])
                        yield "http", *route, function, auth and ("iam" if auth == "AWS_IAM" else "pool")

    def _pushed(self):
        for name, each in self.of("AWS::S3::Bucket").items():
            for one in each.get("NotificationConfiguration", {}).get("LambdaConfigurations", ()):
                rules = json.dumps(one.get("Filter"), sort_keys=True)
                yield "bucket", name, one["Event"], rules, function_of(one["Function"])
        for each in self.of("AWS::SNS::Subscription").values():
            policy = each.get("FilterPolicy")
            options = policy and pattern(policy), each.get("FilterPolicyScope"), each.get("Region")
            yield "topic", text(each["TopicArn"]), function_of(each["Endpoint"]), options
        for each in self.of("AWS::Scheduler::Schedule").values():
            target = each["Target"]
            options = each.get("ScheduleExpressionTimezone"), each.get("State", "ENABLED"), target.get("Input")
            yield "schedule", each["ScheduleExpression"], function_of(target["Arn"]), options
        for each in self.of("AWS::Events::Rule").values():
            for target in each["Targets"]:
                bus = text(each.get("EventBusName"))
                yield "event", pattern(each["EventPattern"]), bus, function_of(target["Arn"])
        for each in self.of("AWS::Logs::SubscriptionFilter").values():
            yield "logs", text(each["LogGroupName"]), each["FilterPattern"], function_of(each["DestinationArn"])
        for each in self.of("AWS::IoT::TopicRule").values():
            payload = each["TopicRulePayload"]
            for action in payload["Actions"]:
                function = function_of(action["Lambda"]["FunctionArn"])
                yield "iot", payload["Sql"], payload.get("AwsIotSqlVersion"), function
        for each in self.of("AWS::Lambda::Url").values():
            cors = json.dumps(each.get("Cors"), sort_keys=True)
            yield "url", function_of(each["TargetFunctionArn"]), each["AuthType"], cors
        for name, each in self.of("AWS::Cognito::UserPool").items():
            for step, target in each.get("LambdaConfig", {}).items():
                yield "userPool", name, step, function_of(target)

    def permissions(self):
        for each in self.of("AWS::Lambda::Permission").values():
            yield Permission(
                function_of(each["FunctionName"]),
                each["Action"],
                each["Principal"],
                self._source(each.get("SourceArn")),
                tuple(
                    (key, text(each[key]))
                    for key in ("EventSourceToken", "FunctionUrlAuthType", "InvokedViaFunctionUrl", "SourceAccount")
                    if key in each
                ),
            )

    def _source(self, value):
        """The ARN with what has another name in each template replaced by what it is."""
        source = text(value or "")
        for name, kind in (("rule", "AWS::Events::Rule"), ("mqtt", "AWS::IoT::TopicRule")):
            for logical_id in self.of(kind):
                if f"${{{logical_id}.Arn}}" in source or f"rule/${{{logical_id}}}" in source:
                    return f"{name} {pattern(self.of(kind)[logical_id].get('EventPattern', '{}'))}"
        for logical_id in self.of("AWS::Logs::LogGroup"):
            arn = f"arn:aws:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{logical_id}}}:*"
            source = source.replace(f"${{{logical_id}.Arn}}", arn)
        return source
