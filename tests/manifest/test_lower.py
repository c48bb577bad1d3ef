"""From a text to the model."""

from pathlib import Path

from sigma_ls.manifest import lower
from sigma_ls.manifest.model import (
    Api,
    ApiDomain,
    Ask,
    Bucket,
    BucketTrigger,
    Cors,
    FromSecret,
    HttpTrigger,
    Pseudo,
    Queue,
    QueueDeadLetter,
    QueueTrigger,
    Raw,
    Reference,
    Table,
    TableKey,
    Text,
    Throughput,
    Topic,
    Vpc,
)
from sigma_ls.syntax.span import Range
from tests.support.check import SHELL

THUMBNAILER = Path(__file__).parents[2] / "examples/thumbnailer/sigma.yaml"


def project(text, stage=None):
    lowered = lower(SHELL + text, stage)
    assert lowered.project is not None, lowered.diagnostics
    return lowered.project


def function(text):
    head = "functions:\n  work:\n    runtime: python3.13\n    handler: app.handler\n    code: src\n"
    return project(head + text).functions["work"]


def test_thumbnailer():
    found = lower(THUMBNAILER.read_text()).project
    assert (found.name, found.stack, found.stage, found.stages) == ("thumbnailer", "thumbnailer", None, ())
    assert list(found.functions) == ["upload", "resize", "list"]
    resize = found.functions["resize"]
    assert (resize.memory, resize.timeout, resize.dead_letter) == (512, 30, "failed")
    assert resize.triggers == (BucketTrigger("images", ("created",)),)
    assert resize.uses == {"images": ("read",), "thumbnails": ("write",), "sizes": ("write",)}
    assert isinstance(found.resources["images"], Bucket)
    assert found.resources["sizes"].partition_key == TableKey("key")
    assert isinstance(found.resources["api"], Api)
    url = found.outputs["Url"]
    assert [part.attribute if isinstance(part, Reference) else part for part in url.value.parts] == ["url", "/images"]


def test_defaults():
    work = function("")
    assert (work.memory, work.timeout, work.architecture, work.tracing) == (256, 15, "x86_64", False)
    assert (work.triggers, work.uses, work.layers, work.permissions) == ((), {}, (), ())
    assert (work.concurrency, work.log_retention, work.vpc, work.dead_letter) == (None, None, None, None)


def test_all_of_a_function():
    work = function(
        """\
    description: Works.
    memory: 1024
    ephemeralStorage: 1024
    architecture: arm64
    concurrency: 3
    logRetention: 14
    tracing: true
    layers: [arn:aws:lambda:eu-west-1:123456789012:layer:x:1]
    vpc: {subnets: [subnet-0a], securityGroups: [sg-0b]}
    permissions: [{Effect: Allow, Action: "s3:*", Resource: "${bucket.arn}/*"}]
resources: {bucket: {type: bucket}}
"""
    )
    assert (work.description, work.memory, work.ephemeral_storage, work.architecture) == ("Works.", 1024, 1024, "arm64")
    assert (work.concurrency, work.log_retention, work.tracing) == (3, 14, True)
    assert work.layers == ("arn:aws:lambda:eu-west-1:123456789012:layer:x:1",)
    assert work.vpc == Vpc(("subnet-0a",), ("sg-0b",))
    (statement,) = work.permissions
    assert statement["Effect"] == "Allow"
    assert isinstance(statement["Resource"], Text)


def test_environment():
    work = function(
        """\
    environment:
      PLAIN: text
      NUMBER: 0o17
      FLAG: True
      ASKED: {ask: The key}
      SECRET: {secret: prod/db, key: password}
      WHOLE: {secret: prod/key}
      MIXED: a ${jobs.url} b $${c} ${stage}
resources: {jobs: {type: queue}}
"""
    )
    values = work.environment
    assert values["PLAIN"] == Text.plain("text")
    assert values["NUMBER"] == Text.plain("0o17")
    assert values["FLAG"] == Text.plain("True")
    assert values["ASKED"] == Ask("The key")
    assert values["SECRET"] == FromSecret("prod/db", "password")
    assert values["WHOLE"] == FromSecret("prod/key")
    assert values["MIXED"].parts == (
        "a ",
        Reference("jobs", "url", Range.of(15, 15, 15, 26)),
        " b ${c} ",
        Pseudo("stage", Range.of(15, 35, 15, 43)),
    )


def test_triggers():
    work = function(
        """\
    triggers:
      - http: GET /a/{id}
        auth: iam
        cors: {origins: ["https://example.com"], credentials: true}
      - http: default
        api: other
        cors: true
      - bucket: images
        events: removed
        prefix: a/
        suffix: .b
      - queue: jobs
        batch: 20
        window: 5
        maxConcurrency: 3
        filter: {body: {a: [1]}}
      - {queue: jobs, filter: [{body: {a: [1]}}, {body: {b: [2.5, null, true]}}]}
resources:
  other: {type: api}
  images: {type: bucket}
  jobs: {type: queue}
"""
    )
    assert work.triggers == (
        HttpTrigger("GET", "/a/{id}", auth="iam", cors=Cors(origins=("https://example.com",), credentials=True)),
        HttpTrigger("", "", api="other", cors=Cors()),
        BucketTrigger("images", ("removed",), "a/", ".b"),
        QueueTrigger("jobs", 20, 5, 3, ({"body": {"a": [1]}},)),
        QueueTrigger("jobs", filters=({"body": {"a": [1]}}, {"body": {"b": [2.5, None, True]}})),
    )
    assert work.triggers[1].is_default


def test_resources():
    found = project(
        """\
resources:
  images: {type: bucket, versioned: true, public: true, cors: true, expireAfterDays: 7, keep: true, name: my-images}
  old: {type: bucket, existing: arn:aws:s3:::old}
  sizes:
    type: table
    partitionKey: {name: id, type: number}
    sortKey: at
    billing: {read: 1, write: 2}
    ttl: expires
    indexes: {byEmail: {partitionKey: email, project: [at]}, byAt: {partitionKey: at}}
  jobs: {type: queue, fifo: true, visibilityTimeout: 60, retention: 120, deadLetter: {queue: failed}}
  failed: {type: queue, deadLetter: over}
  over: {type: queue}
  news: {type: topic}
  api: {type: api, domain: {name: a.example.com, zone: Z0123456789ABC}}
  raw:
    type: AWS::CloudWatch::Alarm
    properties: {A: !Ref Jobs, B: !GetAtt Jobs.Arn, C: !Sub "${Jobs}", D: "${jobs.name}", E: [1, yes, null], F: "$${x}"}
"""
    ).resources
    images = found["images"]
    assert (images.versioned, images.public, images.cors, images.expire_after_days) == (True, True, Cors(), 7)
    assert (images.keep, images.name, found["old"].existing) == (True, "my-images", "arn:aws:s3:::old")
    sizes = found["sizes"]
    assert isinstance(sizes, Table)
    assert (sizes.partition_key, sizes.sort_key) == (TableKey("id", "number"), TableKey("at"))
    assert (sizes.billing, sizes.ttl) == (Throughput(1, 2), "expires")
    assert [(index.name, index.partition_key, index.project) for index in sizes.indexes] == [
        ("byEmail", TableKey("email"), ("at",)),
        ("byAt", TableKey("at"), "all"),
    ]
    jobs = found["jobs"]
    assert isinstance(jobs, Queue)
    assert (jobs.fifo, jobs.visibility_timeout, jobs.retention) == (True, 60, 120)
    assert (jobs.dead_letter, found["failed"].dead_letter) == (QueueDeadLetter("failed", 3), QueueDeadLetter("over", 3))
    assert isinstance(found["news"], Topic)
    assert found["api"].domain == ApiDomain("a.example.com", zone="Z0123456789ABC")
    raw = found["raw"]
    assert isinstance(raw, Raw)
    assert raw.type == "AWS::CloudWatch::Alarm"
    properties = dict(raw.properties)
    (reference,) = properties.pop("D").parts
    assert (reference.id, reference.attribute) == ("jobs", "name")
    assert properties == {
        "A": {"Ref": "Jobs"},
        "B": {"Fn::GetAtt": ["Jobs", "Arn"]},
        "C": {"Fn::Sub": "${Jobs}"},
        "E": [1, "yes", None],
        "F": "${x}",
    }


def test_the_implicit_api_stands_where_it_is_first_needed():
    found = project(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - http: GET /
"""
    )
    api = found.resources["api"]
    assert isinstance(api, Api)
    assert api.origin.key == Range.of(9, 8, 9, 19)


def test_a_declared_api_is_no_implicit_one():
    found = project(
        """\
functions:
  work: {runtime: python3.13, handler: app.handler, code: src, triggers: [http: GET /]}
resources:
  api: {type: api, cors: true}
"""
    )
    assert found.resources["api"].cors == Cors()


def test_outputs_template_and_stack():
    found = project(
        """\
description: d
version: 1.10
stack: x-${project}-${stage}
stages: {dev: {}, prod: {}}
outputs:
  A: {value: "${stack}", description: What}
template: {Resources: {X: {Type: "AWS::SNS::Topic"}}, Conditions: null}
""",
        "prod",
    )
    assert (found.description, found.version, found.stack) == ("d", "1.10", "x-demo-prod")
    assert found.outputs["A"].description == "What"
    assert found.template == {"Resources": {"X": {"Type": "AWS::SNS::Topic"}}, "Conditions": None}
    assert found.origin.at("template", "Resources", "X") == Range.of(9, 26, 9, 51)
    assert found.origin.at("aws", "region") == Range.of(2, 14, 2, 23)


def test_template_as_a_file():
    assert project("template: more.yaml\n").template == "more.yaml"


def test_origins():
    work = function("    memory: 512\n    triggers:\n      - http: GET /\n        cors: true\n")
    assert work.origin.key == Range.of(4, 2, 4, 6)
    assert work.origin.at("memory") == Range.of(8, 12, 8, 15)
    assert work.origin.key_at("memory") == Range.of(8, 4, 8, 10)
    assert work.origin.at("triggers", 0, "cors") == Range.of(11, 14, 11, 18)
    assert work.origin.at("timeout") == work.origin.key


def test_aliases_and_merge_keys():
    found = project(
        """\
functions:
  one: &base
    runtime: python3.13
    handler: app.handler
    code: src/one
    memory: 512
  two:
    <<: *base
    code: src/two
"""
    ).functions
    assert (found["two"].memory, found["two"].code) == (512, "src/two")
    assert found["two"].origin.at("memory") == Range.of(8, 12, 8, 15)


def test_google_cloud():
    found = lower(
        """\
name: demo
platform: gcp
gcp:
  project: my-project
  region: europe-west1
  serviceAccount: deployer@my-project.iam.gserviceaccount.com
  labels: {team: media}
functions:
  hello:
    runtime: python313
    handler: hello
    code: src
    roles: [roles/viewer]
    serviceAccount: run@my-project.iam.gserviceaccount.com
    minInstances: 1
    maxInstances: 2
    ingress: internal
    triggers: [http: default]
"""
    ).project
    assert (found.gcp.project, found.gcp.engine, found.gcp.labels) == (
        "my-project",
        "infrastructure-manager",
        {"team": "media"},
    )
    hello = found.functions["hello"]
    assert (hello.roles, hello.min_instances, hello.max_instances) == (("roles/viewer",), 1, 2)
    assert (hello.ingress, hello.service_account) == ("internal", "run@my-project.iam.gserviceaccount.com")
    assert hello.triggers == (HttpTrigger("", ""),)
    assert "api" not in found.resources


def test_what_is_broken_is_no_project():
    for text in ("functions:\n  one: {", "name: x\n", "resources:\n    a: {type: queue}\n  b: {type: queue}\n"):
        lowered = lower(SHELL + text)
        assert lowered.diagnostics
    assert lower(SHELL + "functions:\n  one: {").project is None
    assert lower("").project is None
