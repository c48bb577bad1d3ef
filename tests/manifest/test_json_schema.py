"""The JSON Schema: up to date, and of one mind with the checker about single values."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sigma_ls.manifest import check_text
from sigma_ls.manifest.read import json_value
from sigma_ls.manifest.schema import SECTIONS
from sigma_ls.manifest.schema.json_schema import json_schema
from sigma_ls.manifest.tree import whole_tree
from sigma_ls.syntax.document import Document
from tests.support import json_schema as validator

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
AWS = "name: demo\nplatform: aws\naws: {region: eu-west-1}\n"
GCP = "name: demo\nplatform: gcp\ngcp: {project: my-project, region: europe-west1, serviceAccount: a@b}\n"
ONE = "functions:\n  one: {{runtime: python3.13, handler: app.handler, code: src, {}}}\n"
ON_GCP = "functions:\n  one: {{runtime: python313, handler: app, code: src, triggers: [http: default], {}}}\n"


def faults(text):
    """What the schema finds: the paths of the values."""
    tree = json_value(whole_tree(Document(text, SECTIONS)), references=False)
    return [path.removeprefix("/") for path in validator.faults(SCHEMA, tree)]


def errors(text):
    """What the checker finds of the shape of keys and values."""
    return [each.code for each in check_text(text) if each.code[3] == "1"]


def test_the_file_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/gen_schema.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_reference_leads_somewhere_and_every_definition_is_used():
    text = json.dumps(SCHEMA)
    named = {name for name in SCHEMA["$defs"] if f'"#/$defs/{name}"' in text}
    assert named == set(SCHEMA["$defs"])
    assert text.count('"$ref"') == sum(text.count(f'"#/$defs/{name}"') for name in SCHEMA["$defs"])


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*/sigma.yaml")), ids=lambda path: path.parent.name)
def test_the_examples_are_valid(path):
    assert faults(path.read_text()) == []


GOOD = [
    AWS,
    GCP,
    AWS + ONE.format("memory: 512, environment: {AA: 1, BB: true, CC: {ask: Key}, DD: {secret: x, key: y}}"),
    AWS + ONE.format("triggers: [{http: GET /a, cors: true}, {http: default, cors: {maxAge: 5}}]"),
    AWS + ONE.format("triggers: [{bucket: images, events: removed}]") + "resources: {images: {type: bucket}}\n",
    AWS + "resources:\n  c: {type: 'AWS::ElastiCache::CacheCluster', properties: {Engine: redis}}\n",
    AWS
    + ONE.format("timeout: 5")
    + "stages:\n  dev:\n  prod: {aws: {profile: work}, functions: {one: {memory: 1024, timeout: null}}}\n",
    AWS + "stages: {dev: {resources: {jobs: {retention: 60}}}}\nresources: {jobs: {type: queue}}\n",
    AWS + "resources: {t: {type: table, partitionKey: {name: id, type: number}, billing: {read: 1, write: 1}}}\n",
    AWS + "outputs:\n  A: {value: 5}\ntemplate: {Resources: {X: null}}\n",
    AWS + "functions:\n",
    GCP + ON_GCP.format("memory: 512"),
]
BAD = [
    (AWS + ONE.format("memroy: 512"), "functions/one"),
    (AWS + ONE.format("memory: 64"), "functions/one/memory"),
    (AWS + ONE.format('memory: "512"'), "functions/one/memory"),
    (AWS + ONE.format("logRetention: 2"), "functions/one/logRetention"),
    (AWS + ONE.format("architecture: arm"), "functions/one/architecture"),
    (AWS + ONE.format("triggers: [{http: images}]"), "functions/one/triggers/0"),
    (AWS + ONE.format("triggers: [{prefix: a/}]"), "functions/one/triggers/0"),
    (AWS + ONE.format("triggers: [{http: GET /a, queue: jobs}]"), "functions/one/triggers/0"),
    (AWS + ONE.format("environment: {1A: x}"), "functions/one/environment"),
    (AWS + ONE.format("environment: {AA: [x]}"), "functions/one/environment/AA"),
    (AWS + "functions:\n  one: {runtime: python3.13, handler: app.handler}\n", "functions/one"),
    (AWS + "functions:\n  1one: {runtime: python3.13, handler: app.handler, code: src}\n", "functions"),
    (AWS + "resources: {images: {type: bukcet}}\n", "resources/images"),
    (AWS + "resources: {images: {type: bucket, fifo: true}}\n", "resources/images"),
    (AWS + "resources: {images: {}}\n", "resources/images"),
    (AWS + "stages: {prod: {functions: {one: {memory: 64}}}}\n", "stages/prod/functions/one"),
    (AWS + "gcp: {project: my-project}\n", ""),
    (AWS + "outputs: {a-b: {value: x}}\n", "outputs"),
    ("platform: aws\naws: {region: eu-west-1}\n", ""),
    (GCP + ON_GCP.format("architecture: arm64"), "functions/one"),
    (GCP + ON_GCP.format("memory: 64"), "functions/one/memory"),
    (GCP + "resources: {jobs: {type: stream}}\n", "resources/jobs"),
]


@pytest.mark.parametrize("text", GOOD)
def test_schema_and_checker_take(text):
    assert errors(text) == []
    assert faults(text) == []


@pytest.mark.parametrize(("text", "path"), BAD)
def test_schema_and_checker_refuse(text, path):
    assert errors(text) != []
    assert any(found.startswith(path) for found in faults(text))
