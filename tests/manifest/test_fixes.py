"""Quick fixes: what the text is with one carried out, and that what it was for is gone."""

import pytest
from hypothesis import given, settings

from sigma_ls.manifest import Analysis, check_text
from tests.manifest.test_analysis import MANIFESTS
from tests.support.check import SHELL, AnyFiles, FakeFiles

GOOGLE = """\
name: demo
platform: gcp
gcp: {project: my-project, region: europe-west1, serviceAccount: deployer@my-project.iam.gserviceaccount.com}
"""


def function(rest):
    return f"functions:\n  work: {{runtime: python3.13, handler: app.handler, code: src, {rest}}}\n"


def block(rest):
    return f"functions:\n  work:\n    runtime: python3.13\n    handler: app.handler\n    code: src\n{rest}"


CASES = [
    ("SIG101", function("memory: 512 MB"), function("memory: 512")),
    ("SIG101", function('timeout: "30"'), function("timeout: 30")),
    ("SIG101", function("tracing: yes"), function("tracing: true")),
    ("SIG101", "description: 3\n", 'description: "3"\n'),
    (
        "SIG101",
        function("triggers: [{http: GET /, cors: {origins: https://shop.example}}]"),
        function("triggers: [{http: GET /, cors: {origins: [https://shop.example]}}]"),
    ),
    (
        "SIG002",
        "stages:\n    dev:\n        aws:\n\t\t\tprofile: work\n",
        "stages:\n    dev:\n        aws:\n            profile: work\n",
    ),
    (
        "SIG002",
        "resources:\n  jobs:\n\t\ttype: queue\n\t\tretention: 60\n\n  other: {type: queue}\n",
        "resources:\n  jobs:\n    type: queue\n    retention: 60\n\n  other: {type: queue}\n",
    ),
    ("SIG002", "resources:\n  jobs:\n  \ttype: queue\n", "resources:\n  jobs:\n    type: queue\n"),
    ("SIG002", "resources:\n\tjobs:\n\t\ttype: queue\n", "resources:\n  jobs:\n    type: queue\n"),
    ("SIG101", "resources:\n  images: bucket\n", "resources:\n  images: {type: bucket}\n"),
    ("SIG101", "outputs:\n  Region: ${region}\n", 'outputs:\n  Region: {value: "${region}"}\n'),
    (
        "SIG105",
        function("triggers: [{userPool: p, on: PreSignup}]"),
        function("triggers: [{userPool: p, on: preSignUp}]"),
    ),
    (
        "SIG105",
        "resources:\n  a: {type: table, partitionKey: {name: id, type: S}}\n",
        "resources:\n  a: {type: table, partitionKey: {name: id, type: string}}\n",
    ),
    (
        "SIG105",
        function("triggers: [{bucket: b, events: 'created:*'}]"),
        function("triggers: [{bucket: b, events: 'created'}]"),
    ),
    ("SIG102", function("memroy: 512"), function("memory: 512")),
    ("SIG105", function("architecture: arm"), function("architecture: arm64")),
    ("SIG105", function("logRetention: 10"), function("logRetention: 7")),
    ("SIG106", function("memory: 64"), function("memory: 128")),
    ("SIG106", function("timeout: 1000"), function("timeout: 900")),
    ("SIG107", "stack: my_stack\n", "stack: my-stack\n"),
    ("SIG107", function("triggers: [{http: get /images}]"), function("triggers: [{http: GET /images}]")),
    ("SIG107", function("triggers: [{schedule: 5 minutes}]"), function("triggers: [{schedule: rate(5 minutes)}]")),
    ("SIG107", function("environment: {LOG-LEVEL: info}"), function("environment: {LOG_LEVEL: info}")),
    ("SIG107", function("memory: 128").replace("work", "do_work"), function("memory: 128").replace("work", "do-work")),
    ("SIG108", function("triggers: [{htp: GET /}]"), function("triggers: [{http: GET /}]")),
    ("SIG112", 'resources:\n  a: {type: "AWS::SQS::Quue"}\n', 'resources:\n  a: {type: "AWS::SQS::Queue"}\n'),
    (
        "SIG113",
        "resources:\n  a: {type: bucket, existing: mine, versioned: true, keep: true}\n",
        "resources:\n  a: {type: bucket, existing: mine, keep: true}\n",
    ),
    (
        "SIG113",
        "resources:\n  a:\n    type: bucket\n    versioned: true # always\n    existing: mine\n",
        "resources:\n  a:\n    type: bucket\n    existing: mine\n",
    ),
    (
        "SIG113",
        "resources:\n  a:\n    versioned: true\n    type: bucket\n    existing: mine\n",
        "resources:\n  a:\n    type: bucket\n    existing: mine\n",
    ),
    (
        "SIG201",
        function("uses: {images: read, job: send}") + "resources:\n  images: {type: bucket}\n  jobs: {type: queue}\n",
        function("uses: {images: read, jobs: send}") + "resources:\n  images: {type: bucket}\n  jobs: {type: queue}\n",
    ),
    ("SIG201", function("triggers: [{http: GET /, auth: IAM}]"), function("triggers: [{http: GET /, auth: iam}]")),
    ("SIG202", function('environment: {A: "${work.nam}"}'), function('environment: {A: "${work.name}"}')),
    ("SIG205", function('environment: {A: "in ${regin}"}'), function('environment: {A: "in ${region}"}')),
    ("SIG205", function('environment: {A: "${ work.name }"}'), function('environment: {A: "${work.name}"}')),
    (
        "SIG209",
        "resources:\n  a: {type: bucket, name: My_Images}\n",
        "resources:\n  a: {type: bucket, name: my-images}\n",
    ),
    ("SIG002", "resources:\n\tjobs: {type: queue}\n", "resources:\n  jobs: {type: queue}\n"),
    ("SIG210", "stack: shop\nstages: {dev: {}, prod: {}}\n", 'stack: "shop-${stage}"\nstages: {dev: {}, prod: {}}\n'),
    ("SIG306", function("memory: 128").replace("3.13", "3.41"), function("memory: 128").replace("3.13", "3.14")),
    ("SIG309", function("memory: 128").replace("3.13", "3.9"), function("memory: 128").replace("3.13", "3.14")),
    (
        "SIG402",
        "resources:\n  jobs:\n    type: queue\n    visibilityTimeout: 30\n"
        + function("timeout: 60, triggers: [{queue: jobs}]"),
        "resources:\n  jobs:\n    type: queue\n    visibilityTimeout: 60\n"
        + function("timeout: 60, triggers: [{queue: jobs}]"),
    ),
    (
        "SIG408",
        "resources:\n  users:\n    type: userPool # ours\n" + function("triggers: [{http: GET /, auth: users}]"),
        "resources:\n  users:\n    type: userPool\n    clients: {web: {}} # ours\n"
        + function("triggers: [{http: GET /, auth: users}]"),
    ),
    (
        "SIG408",
        "resources: {users: {type: userPool}}\n" + function("triggers: [{http: GET /, auth: users}]"),
        "resources: {users: {type: userPool, clients: {web: {}}}}\n"
        + function("triggers: [{http: GET /, auth: users}]"),
    ),
    (
        "SIG404",
        function("triggers: [{queue: jobs, batch: 100}]") + "resources: {jobs: {type: queue}}\n",
        function("triggers: [{queue: jobs, batch: 100, window: 1}]") + "resources: {jobs: {type: queue}}\n",
    ),
    (
        "SIG404",
        block("    triggers:\n      - queue: jobs\n        batch: 100 # many\n") + "resources: {jobs: {type: queue}}\n",
        block("    triggers:\n      - queue: jobs\n        batch: 100\n        window: 1 # many\n")
        + "resources: {jobs: {type: queue}}\n",
    ),
    (
        "SIG404",
        block("    triggers:\n      - batch: 100 # many\n        queue: jobs\n") + "resources: {jobs: {type: queue}}\n",
        block("    triggers:\n      - batch: 100 # many\n        window: 1\n        queue: jobs\n")
        + "resources: {jobs: {type: queue}}\n",
    ),
    (
        "SIG405",
        function("triggers: [{queue: jobs, batch: 100}]") + "resources: {jobs: {type: queue, fifo: true}}\n",
        function("triggers: [{queue: jobs, batch: 10}]") + "resources: {jobs: {type: queue, fifo: true}}\n",
    ),
    (
        "SIG416",
        function("triggers: [{window: 3, queue: jobs}]") + "resources: {jobs: {type: queue, fifo: true}}\n",
        function("triggers: [{queue: jobs}]") + "resources: {jobs: {type: queue, fifo: true}}\n",
    ),
    (
        "SIG411",
        function("triggers: [{schedule: rate(1 minutes)}]"),
        function("triggers: [{schedule: rate(1 minute)}]"),
    ),
    (
        "SIG412",
        function("triggers: [{schedule: rate(1 day), timezone: Europe/Berln}]"),
        function("triggers: [{schedule: rate(1 day), timezone: Europe/Berlin}]"),
    ),
    (
        "SIG419",
        function("triggers: [{event: {source: shop, detail: {state: done}}}]"),
        function("triggers: [{event: {source: shop, detail: {state: [done]}}}]"),
    ),
    (
        "SIG420",
        function('triggers: [{bucket: images, suffix: "*.jpg"}]') + "resources: {images: {type: bucket}}\n",
        function('triggers: [{bucket: images, suffix: ".jpg"}]') + "resources: {images: {type: bucket}}\n",
    ),
    (
        "SIG501",
        function("uses: {jobs: Send}") + "resources: {jobs: {type: queue}}\n",
        function("uses: {jobs: send}") + "resources: {jobs: {type: queue}}\n",
    ),
    (
        "SIG502",
        function('permissions: [{effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}]'),
        function('permissions: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}]'),
    ),
    (
        "SIG504",
        function('permissions: [{Effect: Allow, Action: "s33:GetObject", Resource: "arn:aws:s3:::a/*"}]'),
        function('permissions: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}]'),
    ),
]


@pytest.mark.parametrize(("code", "before", "after"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_fixes(code, before, after):
    analysis = Analysis(AnyFiles())
    analysis.open(SHELL + before)
    found = next(each for each in analysis.diagnostics() if each.code == code)
    assert carried_out(analysis, found) == SHELL + after
    assert found.message not in [each.message for each in analysis.diagnostics()]


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("SIG104", GOOGLE.replace("}", ", tags: {a: b}}"), GOOGLE.replace("}", ", labels: {a: b}}")),
        ("SIG115", SHELL.replace("west", "wst"), SHELL),
        (
            "SIG111",
            GOOGLE.replace("}", ", engine: deployment-manager}"),
            GOOGLE.replace("}", ", engine: infrastructure-manager}"),
        ),
        (
            "SIG314",
            GOOGLE + function("minInstances: 5, maxInstances: 2, triggers: [{http: default}]"),
            GOOGLE + function("minInstances: 5, maxInstances: 5, triggers: [{http: default}]"),
        ),
    ],
)
def test_fixes_of_where_to_deploy(code, before, after):
    analysis = Analysis()
    analysis.open(before)
    found = next(each for each in analysis.diagnostics() if each.code == code)
    assert carried_out(analysis, found) == after
    assert code not in [each.code for each in analysis.diagnostics()]


@pytest.mark.parametrize(
    ("code", "handler", "path", "fixed"),
    [
        ("SIG304", "app.handle", "src", "handler: app.handler"),
        ("SIG312", "app.handler", "src/app.py", "code: src,"),
    ],
)
def test_fixes_of_code(code, handler, path, fixed):
    files = FakeFiles({"src/app.py": "def handler(event, context): ...\n"})
    analysis = Analysis(files)
    analysis.open(f"{SHELL}functions:\n  one: {{runtime: python3.13, handler: {handler}, code: {path}, memory: 128}}\n")
    (found,) = analysis.diagnostics()
    assert found.code == code
    assert fixed in carried_out(analysis, found)
    assert analysis.diagnostics() == []


@settings(deadline=None)
@given(MANIFESTS)
def test_no_fix_breaks_the_text(text):
    text = SHELL + text
    broken = {each.code for each in check_text(text) if each.code < "SIG100"} | {"SIG004"}
    for each in check_text(text):
        if each.fix is None:
            continue
        analysis = Analysis()
        analysis.open(text)
        carried_out(analysis, each)
        assert {other.code for other in analysis.diagnostics() if other.code < "SIG100"} <= broken


def carried_out(analysis, found):
    """The text with the diagnostic's fix; edits from the last one on, so that places hold."""
    assert found.fix is not None
    for edit in sorted(found.fix.edits, key=lambda each: each.range, reverse=True):
        analysis.edit(edit.range, edit.text)
    return analysis.text
