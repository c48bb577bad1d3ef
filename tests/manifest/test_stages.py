"""Stages: what they override, and what that makes of the rest."""

from sigma_ls.manifest import check_text, lower
from tests.support.check import SHELL, check_diagnostics, check_part

WORK = """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    timeout: 20
    triggers: [queue: jobs]
"""


def test_overrides_are_checked_as_parts():
    check_part(
        WORK
        + """\
resources:
  jobs: {type: queue, visibilityTimeout: 60}
stages:
  dev:
  prod:
    environment: {LOG: [x]}
#                      ^^^ error SIG101
    functions:
      work: {memory: 64, description: null, memroy: 1}
#                    ^^ error SIG106
#                                           ^^^^^^ error SIG102
    resources:
      jobs: {retention: 1, uses: x}
#                       ^ error SIG106
#                          ^^^^ error SIG102
    outputs: {}
#   ^^^^^^^ error SIG102: Unknown key 'outputs' in a stage
"""
    )


def test_what_an_override_makes_of_others():
    check_part(
        WORK
        + """\
#                     ^^^^ error SIG402: (in stage 'prod')
resources:
  jobs: {type: queue, visibilityTimeout: 60}
stages:
  dev: {}
  prod: {functions: {work: {timeout: 61}}}
"""
    )


def test_a_function_of_one_stage_only():
    check_part(
        """\
stages:
  dev:
    functions:
      extra: {runtime: python3.13, handler: app.handler}
#     ^^^^^ error SIG103: 'extra' lacks 'code' (in stage 'dev')
  prod: {}
outputs:
  A: {value: "${extra.arn}"}
#               ^^^^^ error SIG201: declared only in the stage 'dev', not in every stage
"""
    )


def test_a_resource_of_every_stage():
    check_part(
        """\
stages:
  dev: {resources: {jobs: {type: queue}}}
  prod: {resources: {jobs: {type: queue, fifo: true}}}
outputs:
  A: {value: "${jobs.url}"}
"""
    )


def test_names_used_in_a_stage_only():
    check_part(
        WORK
        + """\
resources:
  jobs: {type: queue}
  extra: {type: queue}
stages:
  dev: {functions: {work: {uses: {extra: send, missing: send}}}}
#                                              ^^^^^^^ error SIG201: 'missing'
"""
    )


def test_names_of_stages():
    check_part("stages:\n  1st: {}\n# ^^^ error SIG107: no name for a stage\n")


def test_unknown_stage():
    lowered = lower(SHELL + "stages:\n  dev: {}\n  prod: {}\n", "test")
    assert lowered.project is None
    found = lowered.diagnostics[0]
    assert (found.code, found.range.start.line) == ("SIG601", 3)
    assert found.message == "The manifest has no stage 'test': it declares dev, prod."


def test_no_stages_at_all():
    lowered = lower(SHELL, "test")
    assert lowered.project is None
    assert lowered.diagnostics[0].message == "The manifest has no stage 'test': it declares none."


def test_merging():
    text = (
        SHELL
        + """\
environment: {AA: project, BB: project, CC: project, DD: project}
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    memory: 512
    description: Works.
    layers: [arn:aws:lambda:eu-west-1:123456789012:layer:x:1]
    environment: {BB: function, CC: function}
stages:
  dev:
  prod:
    aws: {region: us-east-1}
    environment: {AA: stage, BB: stage, DD: null}
    functions:
      work: {memory: 1024, description: null, layers: [], environment: {CC: both}}
"""
    )
    assert check_text(text) == []
    dev, prod = lower(text).project, lower(text, "prod").project
    assert (dev.stage, dev.stages, dev.stack, dev.aws.region) == ("dev", ("dev", "prod"), "demo-dev", "eu-west-1")
    assert (prod.stack, prod.aws.region) == ("demo-prod", "us-east-1")
    work = dev.functions["work"]
    assert (work.memory, work.description, len(work.layers)) == (512, "Works.", 1)
    work = prod.functions["work"]
    assert (work.memory, work.description, work.layers) == (1024, None, ())
    values = {name: value.parts for name, value in work.environment.items()}
    assert values == {"AA": ("stage",), "BB": ("function",), "CC": ("both",)}
    assert work.origin.at("memory").start.line == 19
    assert work.origin.at("environment", "AA").start.line == 17
    assert work.origin.at("environment", "BB").start.line == 12


def test_stages_that_share_a_stack():
    check_part(
        """\
stack: shop
#      ^^^^ warning SIG210: The stages 'dev' and 'test' would deploy to one stack
stages:
  dev: {}
  test: {environment: {AA: b}}
  prod: {aws: {profile: work-prod}}
"""
    )
    check_part("stack: shop\nstages:\n  dev: {}\n  prod: {aws: {region: eu-west-2}}\n")
    check_part("stack: shop-${stage}\nstages:\n  dev: {}\n  prod: {}\n")
    check_part("stack: shop\n")


def test_a_stage_where_there_is_none():
    check_part(
        """\
stack: shop-${stage}
#      ^^^^^^^^^^^^^ error SIG215: the manifest declares no 'stages'
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    environment: {STAGE: "in ${stage}"}
#                            ^^^^^^^^ error SIG215
"""
    )
    check_part(
        """\
stack: shop-${stage}
stages: {dev: {environment: {AA: "${stage}"}}, prod: {}}
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    environment: {STAGE: "in ${stage}"}
"""
    )


def test_what_a_stage_may_not_remove():
    check_diagnostics(
        """\
name: demo
platform: aws
aws: {region: eu-west-1, profile: work}
stages:
  dev: {aws: {profile: null}}
  test: {aws: {region: null}}
# ^^^^ error SIG103: The stage 'test' removes 'region' of 'aws', which must be there
  prod: {aws: null}
# ^^^^ error SIG103: The stage 'prod' removes 'aws', which must be there
"""
    )


def test_what_a_stage_removes_is_there():
    check_part(
        """\
functions:
  work: {runtime: python3.13, handler: app.handler, code: src}
stages:
  dev: {functions: {work: null}}
  prod: {functions: {wrk: null}, resources: {jobs: null}}
#                    ^^^ hint SIG113: Nothing is removed: 'wrk' is not declared: did you mean 'work'?
#                                            ^^^^ hint SIG113
"""
    )


def test_keys_that_no_stage_overrides():
    check_part(
        """\
stages:
  dev:
    outputs: {}
#   ^^^^^^^ error SIG102: Unknown key 'outputs' in a stage: it takes aws, environment, functions and resources
"""
    )


def test_a_name_that_two_stages_would_give():
    check_part(
        """\
stages:
  dev: {}
  test: {resources: {orders: {name: orders-test}}}
  other: {}
  prod: {aws: {region: eu-west-2}}
resources:
  orders: {type: queue, name: orders, keep: true}
#                             ^^^^^^ warning SIG216: The stages 'dev' and 'other' would each make one of this name
  theirs: {type: queue, existing: theirs}
  mine: {type: queue}
outputs:
  A: {value: "${orders.url} ${theirs.url} ${mine.url}"}
"""
    )
    check_part(
        """\
stages:
  dev: {}
  test: {resources: {orders: {name: orders-test}}}
  none: {resources: {orders: null}}
  prod: {aws: {region: eu-west-2}}
resources:
  orders: {type: "AWS::SQS::Queue", name: orders}
"""
    )
    check_part('resources:\n  orders: {type: queue, name: orders}\noutputs:\n  A: {value: "${orders.url}"}\n')
