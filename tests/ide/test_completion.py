"""Completion: a cursor (`|`) in a manifest, and the labels that are offered there, in their order."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from sigma_ls.ide.completion import MOST, complete, documentation
from sigma_ls.ide.snippets import plain_text
from sigma_ls.manifest import check_text
from sigma_ls.syntax.nodes import Mapping
from sigma_ls.syntax.parse import parse
from tests.support.check import SHELL, AnyFiles
from tests.support.cursor import at_cursor, edited, texts_at

ROOT = Path(__file__).parents[2]
RESOURCES = """\
resources:
  images: {type: bucket}
  jobs: {type: queue}
  users: {type: userPool, clients: {web: {}}}
"""
FUNCTION = RESOURCES + "functions:\n  one:\n    runtime: python3.13\n"


def offered(text, **options):
    analysis, place = at_cursor(text, **options)
    return complete(analysis, place)


def labels(text, **options):
    return [item.label for item in offered(text, **options).items]


def inserted(text, label, **options):
    """The text once an item was taken, its places left empty."""
    analysis, place = at_cursor(text, **options)
    found = complete(analysis, place)
    item = next(each for each in found.items if each.label == label)
    taken = plain_text(item.text) if item.snippet else item.text
    return edited(analysis.text, [type("Edit", (), {"range": found.range, "text": taken})]).removeprefix(SHELL)


# --- keys ---------------------------------------------------------------------------------------------------------------


def test_of_an_empty_manifest():
    assert labels("|", shell="")[:4] == ["name", "platform", "description", "version"]


def test_at_the_top_what_is_there_is_left_out_and_so_is_the_other_platform():
    assert labels("|") == snapshot(
        ["description", "version", "stages", "stack", "environment", "functions", "resources", "outputs", "template"]
    )


def test_at_the_top_also_between_entries():
    assert "resources" not in labels(f"|\n{RESOURCES}")
    assert "functions" in labels(f"|\n{RESOURCES}")


def test_of_a_platform():
    on_gcp = labels("gcp:\n  |", shell="platform: gcp\n")
    assert on_gcp == ["project", "region", "engine", "serviceAccount", "artifacts", "labels"]
    assert labels("aws:\n  region: eu-west-1\n  |", shell="platform: aws\n") == ["profile", "artifacts", "role", "tags"]


def test_required_keys_come_first():
    assert labels("functions:\n  one:\n    |")[:4] == ["runtime", "handler", "code", "description"]


def test_keys_above_and_below_are_left_out():
    found = labels(FUNCTION + "    |\n    handler: app.handler\n    memory: 512\n  two: {timeout: 3}\n")
    assert {"runtime", "handler", "memory"}.isdisjoint(found)
    assert {"code", "timeout"} <= set(found)


def test_keys_below_are_left_out_where_what_follows_is_broken():
    found = labels(FUNCTION + "    mem|\n    handler: app.handler\n    layers: [\n")
    assert "handler" not in found
    assert "memory" in found


def test_keys_of_the_other_platform():
    assert "ingress" not in labels(FUNCTION + "    |")
    found = labels("functions:\n  one:\n    |", shell="platform: gcp\n")
    assert "ingress" in found
    assert "layers" not in found


def test_a_half_typed_key_is_replaced_as_a_whole():
    analysis, place = at_cursor(FUNCTION + "    mem|ory: 512\n")
    found = complete(analysis, place)
    assert texts_at(analysis, [found.range]) == ["memory"]
    assert next(item.text for item in found.items if item.label == "timeout") == "timeout"
    assert inserted(FUNCTION + "    mem|ory: 512\n", "timeout") == FUNCTION + "    timeout: 512\n"


def test_a_quoted_key():
    assert inserted(FUNCTION + '    "mem|": 512\n', "timeout") == FUNCTION + '    "timeout": 512\n'


@pytest.mark.parametrize(
    ("text", "label", "result"),
    [
        ("functions:\n  one:\n    mem|", "memory", "functions:\n  one:\n    memory: "),
        ("functions:\n  one:\n    env|", "environment", "functions:\n  one:\n    environment:\n  "),
        ("functions:\n  one: {env|}", "environment", "functions:\n  one: {environment: {}}"),
        ("functions:\n  one: {runtime: x, trig|", "triggers", "functions:\n  one: {runtime: x, triggers: []"),
        (
            "functions:\n  one:\n    triggers:\n      - ev|",
            "event",
            "functions:\n  one:\n    triggers:\n      - event:\n    ",
        ),
        (
            "functions:\n  one:\n    triggers:\n      - http: GET /\n      |",
            "queue",
            "functions:\n  one:\n    triggers:\n      - http: GET /\n      - queue: ",
        ),
        ("functions:\n  one:\n    triggers: [|]", "queue", "functions:\n  one:\n    triggers: [{queue: }]"),
    ],
)
def test_what_is_inserted(text, label, result):
    # Further lines are relative to the line's own indentation, as editors insert them.
    assert inserted(text, label) == result


def snippet(text, label):
    return next(item.text for item in offered(text).items if item.label == label)


def test_what_is_declared_is_a_choice():
    assert snippet(FUNCTION + "    |", "deadLetter") == "deadLetter: ${1|jobs|}"
    assert snippet(FUNCTION + "    triggers:\n      - |", "bucket") == "bucket: ${1|images|}"
    assert snippet(FUNCTION + "    triggers:\n      - |", "table") == "table: $1"
    assert snippet(FUNCTION + "    triggers: [{http: GET /, |}]", "auth") == "auth: ${1|none,iam,users|}"
    assert snippet(FUNCTION + "    uses:\n      |", "jobs") == "jobs: ${1|send,receive,admin|}"
    assert snippet("resources:\n  a:\n    |", "type").startswith("type: ${1|bucket,table,queue,")
    many = "resources:\n" + "".join(f"  q{number}: {{type: queue}}\n" for number in range(30))
    assert snippet(many + "functions: {one: {|}}", "deadLetter") == "deadLetter: $1"


def test_triggers_by_their_kinds():
    kinds = snapshot(
        [
            "http",
            "url",
            "schedule",
            "event",
            "bucket",
            "table",
            "stream",
            "queue",
            "topic",
            "userPool",
            "logs",
            "alexa",
            "iot",
        ]
    )
    for start in ("triggers:\n      - |", "triggers:\n      |", "triggers: [|]", "triggers: [{|", "triggers:\n    - |"):
        assert labels(f"{FUNCTION}    {start}") == kinds
    assert labels("functions:\n  one:\n    triggers:\n      - |", shell="platform: gcp\n") == [
        "http",
        "schedule",
        "bucket",
        "topic",
        "document",
    ]


def test_further_keys_of_a_trigger_depend_on_its_kind():
    assert labels(FUNCTION + "    triggers:\n      - bucket: images\n        |") == ["events", "prefix", "suffix"]
    assert labels(FUNCTION + "    triggers: [{queue: jobs, |}]") == ["batch", "window", "maxConcurrency", "filter"]


def test_keys_of_a_resource_depend_on_its_type():
    assert labels("resources:\n  jobs:\n    |")[0] == "type"
    assert labels("resources:\n  jobs: {type: topic, |}") == ["existing", "keep", "name", "properties", "fifo"]


def test_shapes_within_resources():
    table = "resources:\n  sizes:\n    type: table\n    "
    assert labels(table + "partitionKey: {|}") == ["name", "type"]
    assert labels(table + "indexes:\n      byName:\n        |") == ["partitionKey", "sortKey", "project"]
    assert labels(table + "billing: {read: 5, |") == ["write"]


def test_stages():
    over = RESOURCES + "functions:\n  one: {}\nstages:\n  prod:\n    "
    assert labels(over + "|") == ["aws", "environment", "functions", "resources"]
    assert labels(over + "functions:\n      |") == ["one"]
    assert labels(over + "resources:\n      |") == ["images", "jobs", "users"]
    assert labels(over + "functions:\n      one:\n        |")[:3] == ["description", "runtime", "handler"]
    assert [item.detail for item in offered(over + "functions:\n      one:\n        |").items[:3]] == ["", "", ""]
    # The resource's type is said where it is declared.
    assert labels(over + "resources:\n      jobs:\n        |")[-4:] == [
        "fifo",
        "visibilityTimeout",
        "retention",
        "deadLetter",
    ]


def test_environment_values():
    assert labels(FUNCTION + "    environment: {KEY: {|") == ["ask", "secret"]
    assert labels(FUNCTION + "    environment:\n      KEY: {secret: x, |}") == ["key"]


def test_of_a_manifest_in_brackets():
    assert labels('{"name": "a", |}', shell="")[0] == "platform"
    assert labels('{"platform": "aws", "functions": {"one": {"runtime": "|"}}}', shell="")[0] == "python3.14"


# --- values -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("architecture: |", ["x86_64", "arm64"]),
        ("architecture: arm|64", ["x86_64", "arm64"]),
        ('architecture: "|"', ["x86_64", "arm64"]),
        ('architecture: "ar|', ["x86_64", "arm64"]),
        ("architecture:\n      ar|", ["x86_64", "arm64"]),
        ("tracing: |", ["true", "false"]),
        ('tracing: "|"', []),
        ("memory: |", ["256"]),
        ("deadLetter: |", ["jobs"]),
        ("uses: {|", ["images", "jobs", "users", "one"]),
        ("uses: {jobs: send, |", ["images", "users", "one"]),
        ("uses: {jobs: |", ["send", "receive", "admin"]),
        ("uses:\n      jobs: [send, |]", ["receive", "admin"]),
        ("uses:\n      jobs:\n        - send\n        - |", ["receive", "admin"]),
        ("triggers:\n      - bucket: |", ["images"]),
        ("triggers:\n      - http: GET /\n        auth: |", ["none", "iam", "users"]),
        ("triggers:\n      - http: GET /\n        cors: |", ["true", "false"]),
        ("triggers:\n      - userPool: users\n        on: preS|", None),
        ("triggers: [{bucket: images, events: [created, |]}]", None),
        ("triggers:\n      - schedule: |", ["rate(5 minutes)"]),
        ("triggers:\n      - schedule: r|", []),
        ("memory: 2|", []),
        ("memory:|", []),
        ("vpc: |", []),
        ("handler: |", []),
        ("handler: app.|", []),
        ("# mem|", []),
        ("description: some wo|rds", []),
        ("timezone: |", []),
    ],
)
def test_values(text, expected):
    found = labels(f"{FUNCTION}    {text}")
    if expected is None:
        assert len(found) > 6
    else:
        assert found == expected


def test_days():
    found = labels(FUNCTION + "    logRetention: |")
    assert (found[0], found[-1], len(found)) == ("1", "3653", 22)


def test_runtimes_of_yesterday_come_last():
    found = offered("functions:\n  one:\n    runtime: |").items
    assert [item.label for item in found[:2]] == ["python3.14", "python3.13"]
    old = [item.label for item in found if item.deprecated]
    assert "python3.9" in old
    assert [item.label for item in found[-len(old) :]] == old
    assert labels("functions:\n  one:\n    runtime: |", shell="platform: gcp\n")[0] == "python314"


def test_time_zones():
    found = offered(FUNCTION + "    triggers:\n      - schedule: rate(1 day)\n        timezone: Europe/Ber|")
    assert [item.label for item in found.items] == ["Europe/Berlin"]
    assert not found.complete


def test_types():
    named = labels("resources:\n  a: {type: |}")
    assert named[:3] == ["bucket", "table", "queue"]
    assert len(named) == MOST
    assert labels("resources:\n  a: {type: AWS::SQS|}") == snapshot(
        ["AWS::SQS::Queue", "AWS::SQS::QueueInlinePolicy", "AWS::SQS::QueuePolicy"]
    )
    assert labels("resources:\n  a:\n    type: |", shell="platform: gcp\n") == [
        "bucket",
        "table",
        "queue",
        "topic",
        "secret",
        "database",
    ]


def test_ids_that_only_a_stage_declares():
    text = RESOURCES + "stages:\n  dev:\n  prod:\n    resources: {late: {type: queue}}\n"
    assert labels(text + "    functions: {one: {deadLetter: |}}") == ["jobs", "late"]
    assert labels(text + "functions: {one: {deadLetter: |}}") == ["jobs"]


def test_an_anchor_before_the_value_stays():
    assert inserted(FUNCTION + "    deadLetter: &dead jo|\n", "jobs") == FUNCTION + "    deadLetter: &dead jobs\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{A: !Ref |}", ["Images", "Jobs", "Users", "More"]),
        ("{A: !Ref Jo|bs}", ["Images", "Jobs", "Users", "More"]),
        ("{A: {Ref: |}}", ["Images", "Jobs", "Users", "More"]),
        ("{A: {'Fn::GetAtt': [|, Arn]}}", ["Images", "Jobs", "Users", "More"]),
        ("{A: {'Fn::GetAtt': [Jobs, |]}}", []),
        ("{A: |}", []),
    ],
)
def test_logical_ids(text, expected):
    assert labels(RESOURCES + "  more:\n    type: AWS::SNS::Topic\n    properties: " + text) == expected


def test_iam_statements():
    keys = ["Effect", "Action", "Resource", "Sid", "NotAction", "NotResource", "Condition"]
    assert labels(FUNCTION + "    permissions:\n      - |") == keys
    assert labels(FUNCTION + "    permissions: [{|}]") == keys
    assert labels(FUNCTION + "    permissions:\n      |") == keys
    assert labels(FUNCTION + "    permissions:\n      - Effect: Allow\n        NotAction: s3:GetObject\n        |") == [
        "Resource",
        "Sid",
        "NotResource",
        "Condition",
    ]
    assert snippet(FUNCTION + "    permissions: [{|}]", "Condition") == "Condition: {$1}"
    assert snippet(FUNCTION + "    permissions:\n      - |", "Condition") == "Condition:\n    $1"
    assert labels(FUNCTION + "    permissions: [{Effect: |}]") == ["Allow", "Deny"]
    assert labels(FUNCTION + "    permissions: [{Condition: {|}}]") == []
    assert labels(FUNCTION + "    permissions: [{Resource: '${images.a|'}]") == ["${images.arn}"]


def test_attributes_of_logical_ids():
    found = labels(RESOURCES + "  more: {type: 'AWS::SNS::Topic', properties: {A: !GetAtt More.|}}")
    assert {"More.TopicArn", "More.TopicName"} <= set(found)
    assert all(label.startswith("More.") for label in found)


# --- references ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "replaced", "first"),
    [
        ("A: $|", "$", "${project}"),
        ("A: ${|", "${", "${project}"),
        ("A: ${ima|", "${ima", "${images.name}"),
        ("A: ${images.|}", "${images.}", "${images.name}"),
        ("A: ${images.na|me} and more", "${images.name}", "${images.name}"),
        ('A: "see ${users.cli|"', "${users.cli", "${users.clientId}"),
        ("A: '${users.clients.|'", "${users.clients.", "${users.clients.web}"),
        ("A: some ${st|", "${st", "${stage}"),
        ("A: one\n        ${jo|", "${jo", "${jobs.name}"),
    ],
)
def test_references(text, replaced, first):
    analysis, place = at_cursor(f"{FUNCTION}    environment:\n      {text}")
    found = complete(analysis, place)
    assert texts_at(analysis, [found.range]) == [replaced]
    assert found.items[0].text == first


@pytest.mark.parametrize(
    "text",
    [
        "functions:\n  one:\n    environment:\n      A: $${|",
        "functions:\n  one:\n    handler: ${|",
        "functions:\n  one:\n    environment:\n      A: ${images.name} |",
        "resources:\n  a: {type: 'AWS::SNS::Topic', properties: {X: !Sub '${|'}}",
        "resources:\n  a: {type: 'AWS::SNS::Topic', properties: {X: {'Fn::Sub': '${|'}}}",
    ],
)
def test_no_references(text):
    assert labels(RESOURCES + text) == []


def test_references_of_a_stack_name():
    assert labels("stack: a-${|") == ["${project}", "${stage}"]


def test_references_in_properties_and_outputs():
    text = RESOURCES + "  a: {type: 'AWS::SNS::Topic', properties: {X: '${a.Top|'}}\n"
    assert labels(text) == ["${a.TopicArn}", "${a.TopicName}"]
    assert labels(RESOURCES + "outputs:\n  Url: {value: '${images.u|'}") == ["${images.url}"]


def test_the_url_of_a_function_that_has_one():
    text = "functions:\n  one: {triggers: [{url: public}]}\n  two: {environment: {A: '${%s.u|'}}\n"
    assert labels(text % "one") == ["${one.url}"]
    assert labels(text % "two") == []


def test_the_implicit_api():
    text = "functions:\n  one: {triggers: [{http: GET /}], environment: {A: '${api.|'}}\n"
    assert labels(text) == ["${api.name}", "${api.arn}", "${api.id}", "${api.url}"]


# --- the list as a whole ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "trigger", "opens"),
    [
        ("    architecture: |", " ", True),
        ("    description: a |", " ", False),
        ("    triggers:\n      - |", " ", True),
        ("    handler: app.|", ".", False),
        ("    environment: {A: '${images.|", ".", True),
        ("    uses: {|", "{", True),
        ("    environment:\n      A: ${|", "{", True),
        ("    description: {|", "{", False),
        ("    memory: |", " ", False),
        ("    triggers:\n      - schedule: |", " ", False),
    ],
)
def test_characters_that_open_the_list(text, trigger, opens):
    analysis, place = at_cursor(FUNCTION + text)
    assert bool(complete(analysis, place, trigger).items) is opens


def test_long_lists_are_cut_and_asked_for_again():
    many = "resources:\n" + "".join(f"  q{number}: {{type: queue}}\n" for number in range(400))
    found = offered(many + "functions: {one: {deadLetter: |}}")
    assert (len(found.items), found.complete) == (MOST, False)
    assert labels(many + "functions: {one: {deadLetter: q39|}}") == ["q39", *(f"q39{n}" for n in range(10))]


def test_each_item_is_documented():
    analysis, place = at_cursor(FUNCTION + "    |")
    said = {item.label: documentation(item, analysis) for item in complete(analysis, place).items}
    assert "a whole number, 128 to 10240 MB, default `256`" in said["memory"]
    assert all(said.values())
    analysis, place = at_cursor(FUNCTION + "    deadLetter: |")
    (jobs,) = complete(analysis, place).items
    assert documentation(jobs, analysis) == "**jobs**: `queue`, declared in line 6"


def test_what_is_taken_makes_no_manifest_worse():
    """Every key of a function, taken with the words that its snippet holds, is YAML; none is unknown."""
    shell = RESOURCES + "functions:\n  one:\n    |\n"
    analysis, place = at_cursor(shell)
    for item in complete(analysis, place).items:
        text = re.sub(r"\$\{1\|((?:\\.|[^,|])*)[^|]*\|\}|\$\{1:((?:\\.|[^}\\])*)\}|\$1", r"\1\2", item.text)
        lines = text.replace("\\}", "}").replace("\n", "\n    ")
        whole = SHELL + shell.replace("|", lines)
        assert parse(whole).complete, whole
        assert type(parse(whole).root) is Mapping
        assert not [each for each in check_text(whole, AnyFiles()) if each.code in ("SIG102", "SIG104")], whole


def test_importing_stays_light():
    """What only a deployment, or one kind of answer, needs is not loaded with the first one."""
    code = (
        "import sys, sigma_ls.ide.completion; "
        "print(*(name for name in sys.modules if name.startswith('sigma_ls.') and 'manifest' in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "sigma_ls.manifest.schema" in loaded
    heavy = {"model", "schema.details", "schema.markdown", "facts.attributes", "facts.actions", "facts.time_zones"}
    assert loaded.isdisjoint({f"sigma_ls.manifest.{name}" for name in heavy})
