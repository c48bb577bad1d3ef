"""Names and where they stand: `|` marks the cursor, and brackets in the expectation what is found."""

import pytest
from inline_snapshot import snapshot

from sigma_ls.ide.mentions import Role
from sigma_ls.ide.navigation import (
    NotRenamable,
    declaration,
    mention_at,
    name_of,
    occurrences,
    renamable,
    rename,
)
from sigma_ls.manifest import Analysis, check_text
from sigma_ls.syntax.span import Position
from tests.support.check import SHELL, AnyFiles
from tests.support.cursor import at_cursor, edited

WHOLE = """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src
    deadLetter: jobs
    environment:
      A: ${jobs.url}
      B: |
        of ${jobs.name}
        and ${jobs.arn} and $${jobs.arn}
    triggers:
      - queue: jobs
        batch: 1
      - http: GET /
        auth: users
    uses:
      jobs: [send]
      resize: invoke
resources:
  jobs: {type: queue}
  "users": {type: userPool, clients: {web: {}}}
  more: {type: queue, deadLetter: jobs, properties: {Tags: [{Key: a, Value: "${jobs.name}"}]}}
  topic:
    type: AWS::SNS::Topic
    properties:
      A: !Ref Jobs
      B: !GetAtt Jobs.Arn
      C: !Sub "of ${Jobs.Arn} ${AWS::Region}"
      D: {Fn::GetAtt: [Jobs, Arn]}
      E: {Ref: 'Jobs'}
outputs:
  Queue: {value: "${jobs.url}"}
template:
  Resources:
    Jobs: {DependsOn: [Users, Jobs]}
stages:
  dev:
  prod:
    resources:
      jobs: {visibilityTimeout: 60}
    functions:
      resize: {deadLetter: jobs, environment: {C: "${jobs.arn}"}}
  test:
    resources: {jobs: null}
"""
CURSOR = "¦"


def at(marked):
    """The analysis, and the place that the mark shows; the texts here have `|` of their own."""
    before, _, after = (SHELL + marked).partition(CURSOR)
    analysis = Analysis(AnyFiles(), "file:///project/sigma.yaml")
    analysis.open(before + after)
    line = before.count("\n")
    return analysis, Position(line, len(before) - (before.rfind("\n") + 1))


def marked(text, ranges):
    """The lines that hold the ranges, with brackets around these."""
    lines = text.split("\n")
    for each in sorted(ranges, reverse=True):
        line = lines[each.start.line]
        start, end = each.start.character, each.end.character
        lines[each.start.line] = f"{line[:start]}[{line[start:end]}]{line[end:]}"
    numbers = sorted({each.start.line for each in ranges})
    return "\n".join(lines[number].strip() for number in numbers)


def found_at(text):
    analysis, place = at(text)
    mention = mention_at(analysis, place)
    return occurrences(analysis, name_of(analysis, mention)), analysis


JOBS = snapshot("""\
deadLetter: [jobs]
A: ${[jobs].url}
of ${[jobs].name}
and ${[jobs].arn} and $${jobs.arn}
- queue: [jobs]
[jobs]: [send]
[jobs]: {type: queue}
more: {type: queue, deadLetter: [jobs], properties: {Tags: [{Key: a, Value: "${[jobs].name}"}]}}
A: !Ref [Jobs]
B: !GetAtt [Jobs].Arn
C: !Sub "of ${[Jobs].Arn} ${AWS::Region}"
D: {Fn::GetAtt: [[Jobs], Arn]}
E: {Ref: '[Jobs]'}
Queue: {value: "${[jobs].url}"}
[Jobs]: {DependsOn: [Users, [Jobs]]}
[jobs]: {visibilityTimeout: 60}
resize: {deadLetter: [jobs], environment: {C: "${[jobs].arn}"}}
resources: {[jobs]: null}\
""")


@pytest.mark.parametrize(
    "place",
    [
        "deadLetter: j¦obs\n    environment",
        "A: ${jobs¦.url}",
        "queue: ¦jobs",
        "of ${jo¦bs.name}",
        "jo¦bs: [send]",
        "  jo¦bs: {type",
        "more: {type: queue, deadLetter: jobs¦",
        "A: !Ref Jo¦bs",
        "GetAtt: [J¦obs",
        "    J¦obs: {DependsOn",
        "      jo¦bs: {visibility",
        "{jo¦bs: null}",
    ],
)
def test_all_places_of_a_resource(place):
    found, analysis = found_at(WHOLE.replace(place.replace(CURSOR, ""), place, 1))
    assert marked(analysis.text, [each.range for each in found]) == JOBS


def test_declarations_among_them():
    found, analysis = found_at(WHOLE.replace("queue: jobs", "queue: jo¦bs", 1))
    declared = [each.range for each in found if each.role is Role.DECLARATION]
    assert marked(analysis.text, declared) == snapshot("""\
[jobs]: {type: queue}
[jobs]: {visibilityTimeout: 60}
resources: {[jobs]: null}\
""")


def test_a_function_and_a_stage():
    found, analysis = found_at(WHOLE.replace("resize: invoke", "res¦ize: invoke"))
    assert marked(analysis.text, [each.range for each in found]) == snapshot("""\
[resize]:
[resize]: invoke
[resize]: {deadLetter: jobs, environment: {C: "${jobs.arn}"}}\
""")
    found, analysis = found_at(WHOLE.replace("  prod:", "  pr¦od:"))
    assert marked(analysis.text, [each.range for each in found]) == "[prod]:"


def declared_at(text):
    analysis, place = at(text)
    mention = mention_at(analysis, place)
    where = declaration(analysis, mention) if mention is not None else None
    return None if where is None else marked(analysis.text, [where])


def test_the_declaration():
    assert declared_at(WHOLE.replace("auth: users", "auth: us¦ers")) == snapshot(
        '"[users]": {type: userPool, clients: {web: {}}}'
    )
    assert declared_at(WHOLE.replace("[Users, Jobs]", "[Us¦ers, Jobs]")) == snapshot(
        '"[users]": {type: userPool, clients: {web: {}}}'
    )
    assert (
        declared_at(WHOLE.replace("resize: {deadLetter: jobs", "resize: {deadLetter: j¦obs")) == "[jobs]: {type: queue}"
    )


def test_a_resource_that_only_stages_declare():
    text = "stages:\n  a: {resources: {late: {type: queue}}}\n  b: {resources: {late: {type: queue}}}\n"
    assert declared_at(text + "functions: {one: {deadLetter: la¦te}}") == "a: {resources: {[late]: {type: queue}}}"
    in_b = text.replace("b: {", "b: {functions: {one: {deadLetter: la¦te}}, ")
    assert declared_at(in_b).endswith("resources: {[late]: {type: queue}}}")
    assert declared_at(in_b).startswith("b:")


@pytest.mark.parametrize(
    "text",
    [
        "functions: {one: {deadLetter: nob¦ody}}",
        "functions: {one: {triggers: [{http: GET /, auth: no¦ne}]}}",
        "functions: {one: {environment: {A: '${st¦age}'}}}",
        "na¦me: x",
        "¦",
        "# jobs¦",
    ],
)
def test_no_name(text):
    assert declared_at(text) is None


# --- renaming -----------------------------------------------------------------------------------------------------------


def test_renaming_changes_every_place_and_breaks_nothing():
    analysis, place = at(WHOLE.replace("queue: jobs", "queue: j¦obs", 1))
    before = sorted(
        (each.code, each.message.replace("jobs", "all-tasks")) for each in check_text(analysis.text, AnyFiles())
    )
    text = edited(analysis.text, rename(analysis, place, "all-tasks"))
    assert "jobs" not in text.replace("$${jobs.arn}", "")
    assert "!Ref AllTasks" in text
    assert "!GetAtt AllTasks.Arn" in text
    assert "'AllTasks'" in text
    assert "$${jobs.arn}" in text
    after = sorted((each.code, each.message) for each in check_text(text, AnyFiles()))
    assert after == before


def test_renaming_keeps_quotes():
    analysis, place = at(WHOLE.replace("auth: users", "auth: us¦ers"))
    text = edited(analysis.text, rename(analysis, place, "people"))
    assert '"people": {type: userPool' in text
    assert "DependsOn: [People, Jobs]" in text


def test_renaming_a_stage():
    analysis, place = at(WHOLE.replace("  prod:", "  prod¦:"))
    assert "\n  live:\n" in edited(analysis.text, rename(analysis, place, "live"))


@pytest.mark.parametrize(
    ("text", "new", "reason"),
    [
        ("resources: {jo¦bs: {type: queue}}", "1jobs", "letters, digits and hyphens"),
        ("resources: {jo¦bs: {type: queue}, more: {type: queue}}", "more", "clashes with 'more'"),
        ("resources: {jo¦bs: {type: queue}, aB: {type: queue}}", "a-b", "clashes with 'aB'"),
        ("stages: {a¦: {}, b: {}}", "b", "clashes with 'b'"),
        ("stages: {a¦: {}, b: {}}", "b.c", "no name for a stage"),
        ("name: d¦emo", "x", "Only the ids"),
        ("functions: {one: {triggers: [{http: GET /}], environment: {A: '${a¦pi.url}'}}}", "x", "declared nowhere"),
        ('resources: {"j\\x6fb¦s": {type: queue}}', "x", "with escapes"),
    ],
)
def test_what_cannot_be_renamed(text, new, reason):
    analysis, place = at(text)
    with pytest.raises(NotRenamable, match=reason):
        rename(analysis, place, new)


def test_the_name_to_change():
    analysis, place = at(WHOLE.replace("A: !Ref Jobs", "A: !Ref Jo¦bs"))
    mention = renamable(analysis, place)
    assert (mention.name, name_of(analysis, mention).text) == ("Jobs", "jobs")


def test_of_a_manifest_in_brackets():
    analysis, place = at_cursor(
        '{"resources": {"jobs": {"type": "queue"}}, "functions": {"a": {"deadLetter": "jo|bs"}}}', shell=""
    )
    assert len(occurrences(analysis, name_of(analysis, mention_at(analysis, place)))) == 2
