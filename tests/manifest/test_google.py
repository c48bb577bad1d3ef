"""Manifests for Google Cloud: what differs from AWS."""

import pytest

from sigma_ls.manifest import check_text, lower
from tests.support.check import check_diagnostics

ACCOUNT = "deployer@my-project.iam.gserviceaccount.com"
BLOCK = f"gcp: {{project: my-project, region: europe-west1, serviceAccount: {ACCOUNT}}}\n"
SHELL = "name: demo\nplatform: gcp\n" + BLOCK
HELLO = "  hello: {runtime: python313, handler: hello, code: src, triggers: [http: default]}\n"


def test_keys_of_the_other_block():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp:
  project: my-project
  region: europe-west1
  serviceAccount: deployer@my-project.iam.gserviceaccount.com
  profile: work
# ^^^^^^^ error SIG104: 'profile' belongs to AWS (platform: aws)
  tags: {team: media}
# ^^^^ error SIG104: Here it is 'labels'
"""
    )
    check_diagnostics(
        """\
name: demo
platform: aws
aws:
  region: eu-west-1
  project: my-project
# ^^^^^^^ error SIG104: 'project' belongs to Google Cloud (platform: gcp)
  labels: {team: media}
# ^^^^^^ error SIG104: Here it is 'tags'
"""
    )


def test_missing_keys():
    check_diagnostics(
        "name: demo\nplatform: gcp\ngcp: {}\n#^^ error SIG103: lacks 'project', 'region' and 'serviceAccount'\n"
    )
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp: {engine: infrastructure-manager}
#^^ error SIG103: 'gcp' lacks 'project' and 'serviceAccount', and not every stage gives it
stages:
  dev: {gcp: {region: europe-west1}}
  prod: {gcp: {region: europe-west2, project: my-project}}
"""
    )


def test_the_older_engine():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp:
  project: my-project
  region: europe-west1
  engine: deployment-manager
#         ^^^^^^^^^^^^^^^^^^ warning SIG111: use 'infrastructure-manager'
  serviceAccount: deployer@my-project.iam.gserviceaccount.com
# ^^^^^^^^^^^^^^ hint SIG113: 'serviceAccount' changes nothing
resources:
  new: {type: google_pubsub_topic}
#             ^^^^^^^^^^^^^^^^^^^ error SIG214: is a type of 'infrastructure-manager'
  old: {type: "gcp-types/storage-v1:buckets"}
"""
    )


def test_types_of_the_engine():
    check_diagnostics(
        SHELL
        + """\
resources:
  new: {type: google_pubsub_topic}
  old: {type: "gcp-types/storage-v1:buckets"}
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG214: is a type of 'deployment-manager'
"""
    )


def test_functions():
    check_diagnostics(
        SHELL
        + """\
functions:
  hello:
    runtime: python313
    handler: hello
    code: src
    minInstances: 5
#                 ^ error SIG314: raise 'maxInstances'
    maxInstances: 2
    permissions: [{Effect: Allow}]
#   ^^^^^^^^^^^ error SIG104: 'permissions' belongs to AWS
    environment:
      PORT: 8080
#     ^^^^ error SIG308: Google Cloud sets 'PORT' itself
      X_GOOGLE_A: b
#     ^^^^^^^^^^ error SIG308
      AWS_REGION: eu-west-1
    triggers: [schedule: 99 * * * *]
#                        ^^^^^^^^^^ error SIG411: '99' is no minutes of a schedule
  quiet:
    runtime: python313
    handler: hello
    code: src
    minInstances: 1
    maxInstances: 1
    triggers: [schedule: "*/5 9-17 * jan,feb mon-fri"]
"""
    )


def test_entry_points_of_node_js():
    function = "{runtime: nodejs22, handler: %s, code: %s, triggers: [http: default]}"
    check_diagnostics(
        f"""\
#- one/index.js
exports.hello = (request, response) => response.send("hello");
#- two/function.js
const functions = require("@google-cloud/functions-framework");
functions.http('hello', (request, response) => response.send("hello"));
#- three/package.json
{{"main": "dist/index.js"}}
#- four/main.js
exports.hello = () => 1;
#- sigma.yaml
{SHELL}functions:
  one: {function % ("hello", "one")}
  two: {function % ("hello", "two")}
  three: {function % ("hello", "three")}
  four: {function % ("hello", "four")}
#                                    ^^^^^ error SIG303: The handler 'hello' is looked for in 'four/index.js'
  five: {function % ("helo", "one")}
#                                    ^^^^ error SIG304: 'one/index.js' neither exports nor registers 'helo': did you mean 'hello'?
"""
    )


@pytest.mark.parametrize("trigger", ["url: public", "table: sizes", "queue: jobs", "alexa: amzn1.ask.skill.1"])
def test_triggers_of_the_other_platform(trigger):
    text = SHELL + HELLO.replace("http: default", trigger).join(["functions:\n", ""])
    text += "resources:\n  jobs: {type: queue}\n"
    assert [each.code for each in check_text(text) if each.code != "SIG207"] == ["SIG104"]
    assert lower(text).project is None


def test_attributes_and_names():
    check_diagnostics(
        SHELL
        + f"functions:\n{HELLO}"
        + """\
resources:
  images: {type: bucket, name: My_Images}
#                              ^^^^^^^^^ error SIG209: no name for a bucket on Google Cloud
  others: {type: bucket, name: my_others}
outputs:
  A: {value: "${images.id} ${others.name} ${hello.url}"}
  B: {value: "${images.arn}"}
#                      ^^^ error SIG202: it has name, id and url
"""
    )


def test_stack_names_are_short():
    stack = "a" * 64
    assert [each.code for each in check_text(f"{SHELL}stack: {stack}\n")] == ["SIG208"]
    assert check_text(f"{SHELL}stack: {stack[1:]}\n") == []


def test_a_second_trigger_and_an_unknown_time_zone():
    check_diagnostics(
        SHELL
        + """\
functions:
  hello:
    runtime: python313
    handler: hello
    code: src
    triggers:
      - {schedule: 0 9 * * *, timezone: Europe/Berln}
#                                       ^^^^^^^^^^^^ error SIG412: did you mean 'Europe/Berlin'
      - topic: news
#       ^^^^^ error SIG407: A function on Google Cloud has exactly one trigger, and 'hello' has 2
resources:
  news: {type: topic}
"""
    )


def test_a_project_of_an_organization():
    shell = SHELL.replace("project: ", "project: example.com:")
    assert shell != SHELL
    assert check_text(shell) == []
