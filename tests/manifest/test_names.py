"""Family 2: ids, references, and who uses what."""

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_part
from tests.support.cursor import edited

WORK = """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src/work
"""


def test_undefined_ids():
    check_part(
        WORK
        + """\
    deadLetter: fialed
#               ^^^^^^ error SIG201: Nothing is declared as 'fialed': did you mean 'failed'?
    environment: {TT: "${tabel.name}"}
#                        ^^^^^ error SIG201: 'tabel'
    triggers:
      - bucket: pictures
#               ^^^^^^^^ error SIG201: declare it under 'functions' or 'resources'
      - http: GET /
        api: main
#            ^^^^ error SIG201
    uses: {thumbnials: [read, write]}
#          ^^^^^^^^^^ error SIG201
resources:
  failed: {type: queue}
# ^^^^^^ hint SIG207
"""
    )


def test_declared_later_or_in_whatever_section():
    check_part(
        """\
outputs:
  Url: {value: "${jobs.url} ${work.arn}"}
resources:
  jobs: {type: queue}
"""
        + WORK
    )


def test_references_in_raw_properties():
    check_part(
        """\
resources:
  jobs: {type: queue}
  alarm:
    type: AWS::CloudWatch::Alarm
    properties:
      MetricName: ${jobs.nam}
#                        ^^^ error SIG202: did you mean 'name'?
      Dimensions: [{Name: QueueName, Value: "${job.name}"}]
#                                              ^^^ error SIG201: did you mean 'jobs'?
      AlarmDescription: !Sub "${AWS::StackName} ${NotOurs.Arn}"
      Namespace: {"Fn::Sub": "${AWS::StackName}"}
"""
    )


def test_unknown_attributes():
    check_part(
        WORK
        + """\
resources:
  images: {type: bucket}
  users: {type: "AWS::Cognito::UserPool", properties: {}}
outputs:
  A: {value: "${images.arm}"}
#                      ^^^ error SIG202: A bucket has no attribute 'arm': did you mean 'arn'?
  B: {value: "${images.endpoint}"}
#                      ^^^^^^^^ error SIG202: it has name, arn and url
  C: {value: "${work.url}"}
#                    ^^^ error SIG202: 'work' has no url
  D: {value: "${users.ProviderURL}"}
"""
    )


def test_attributes_of_aws_only():
    check_part(
        """\
resources:
  images: {type: bucket}
outputs:
  A: {value: "${images.id}"}
#                      ^^ error SIG202: it has name, arn and url
"""
    )


def test_malformed_references():
    check_part(
        """\
resources:
  images: {type: bucket}
outputs:
  A: {value: "${images}"}
#             ^^^^^^^^^ error SIG205: '${images}' lacks an attribute: write, for example, '${images.name}'
  B: {value: "a ${images.name"}
#               ^^^^^^^^^^^^^ error SIG205: not closed by '}'
  C: {value: "${}"}
#             ^^^ error SIG205: no reference
  D: {value: "$${images} ${images.name} $5 $"}
"""
    )


def test_the_implicit_api():
    check_part(
        WORK
        + """\
    triggers: [http: GET /]
outputs:
  Url: {value: "${api.url}"}
"""
    )


def test_no_implicit_api_without_a_route():
    check_part(
        WORK
        + """\
outputs:
  Url: {value: "${api.url}"}
#                 ^^^ error SIG201
"""
    )


def test_the_implicit_api_s_id_taken():
    check_part(
        WORK
        + """\
    triggers: [http: GET /]
#                    ^^^^^ error SIG206: that id is a queue here
resources:
  api: {type: queue}
"""
    )


def test_ids_used_twice():
    check_part(
        WORK
        + """\
resources:
  work: {type: queue}
# ^^^^ error SIG203: 'work' is declared under 'functions' already
outputs:
  W: {value: "${work.name}"}
"""
    )


def test_ids_that_clash_in_the_template():
    check_part(
        """\
resources:
  foo-bar: {type: queue}
  fooBar: {type: queue}
# ^^^^^^ error SIG204: 'fooBar' and 'foo-bar' are both 'FooBar'
outputs:
  A: {value: "${foo-bar.name} ${fooBar.name}"}
"""
    )


def test_wrong_resources():
    check_part(
        WORK
        + """\
    deadLetter: images
#               ^^^^^^ error SIG206: 'images' is a bucket, but the dead-letter target is a queue or topic
    triggers:
      - bucket: jobs
#               ^^^^ error SIG206: 'jobs' is a queue, but the source of a bucket trigger is a bucket
      - queue: images
#              ^^^^^^ error SIG206
      - bucket: work
#               ^^^^ error SIG206: 'work' is a function
resources:
  images: {type: bucket}
  jobs: {type: queue, deadLetter: {queue: images}}
#                                         ^^^^^^ error SIG206: the dead-letter queue is a queue
"""
    )


def test_unused_resources():
    check_part(
        WORK
        + """\
    uses: {used: send}
resources:
  used: {type: queue, deadLetter: failed}
  failed: {type: queue}
  left: {type: queue, deadLetter: over}
# ^^^^ hint SIG207: Nothing uses 'left'
  over: {type: queue, deadLetter: left}
# ^^^^ hint SIG207: Nothing uses 'over'
  raw: {type: "AWS::SQS::Queue"}
"""
    )


def test_used_by_cloudformation_s_own_functions():
    check_part(
        """\
resources:
  by-ref: {type: queue}
  by-att: {type: queue}
  by-sub: {type: queue}
  by-depends: {type: queue}
  by-tag: {type: queue}
  by-patch: {type: queue}
  raw:
    type: AWS::CloudWatch::Alarm
    properties: {A: {Ref: ByRef}, B: {"Fn::GetAtt": [ByAtt, Arn]}, C: !Sub "x ${ByTag.Arn}"}
template:
  Resources:
    ByPatch: {Properties: {KmsMasterKeyId: x}}
    Other: {Type: "AWS::SNS::Topic", DependsOn: [ByDepends], Properties: {TopicName: {"Fn::Sub": "${BySub}"}}}
"""
    )


def test_nothing_is_called_unused_while_something_cannot_be_read():
    check_part(
        """\
resources:
  jobs: {type: queue}
functions:
  work:
    uses: {jobs: [send
#                ^ error SIG001
"""
    )


def test_nothing_is_called_unused_where_the_template_is_a_file():
    check_part("resources:\n  jobs: {type: queue}\ntemplate: more.yaml\n")


def test_the_nearest_id_is_a_fix():
    text = SHELL + 'resources:\n  jobs: {type: queue}\noutputs:\n  A: {value: "${job.url}"}\n'
    (found,) = [each for each in check_text(text) if each.code == "SIG201"]
    assert found.fix is not None
    (edit,) = found.fix.edits
    assert (edit.range, edit.text) == (found.range, "jobs")


def test_the_first_of_two_is_related():
    text = SHELL + "resources:\n  a-b: {type: queue}\n  aB: {type: queue}\n"
    (found,) = [each for each in check_text(text) if each.code == "SIG204"]
    (related,) = found.related
    assert (related.range.start.line, related.range.start.character) == (4, 2)


def test_references_in_texts_of_several_lines_and_with_escapes():
    check_part(
        """\
environment:
  AA: |
    first ${jobs.url}
    then ${jobs.ulr} and $${jobs.ulr}
#               ^^^ error SIG202: did you mean 'url'
  BB: >-
    ${job.url} ${ region }
#     ^^^ error SIG201: did you mean 'jobs'
#              ^^^^^^^^^^^ error SIG205: did you mean '${region}'
    ${job.url
#   ^^^^^^^^^ error SIG205: is not closed
  CC: 'it''s ${jobs.url} and ${job.url}'
#                              ^^^ error SIG201
  DD: "\\t${job.url}"
#          ^^^ error SIG201
  EE: !!str ${job.url}
#             ^^^ error SIG201
  FF: ["not a text"]
#     ^^^^^^^^^^^^^^ error SIG101
  GG: "${job\\x2eurl}"
#     ^^^^^^^^^^^^^^^ error SIG201
resources:
  jobs: {type: queue}
"""
    )


def test_a_fix_within_a_text_of_several_lines():
    text = SHELL + "environment:\n  AA: |\n    ${jobs.url}\n    ${jobs.ulr}\nresources:\n  jobs: {type: queue}\n"
    (found,) = check_text(text)
    assert found.fix is not None
    assert edited(text, found.fix.edits) == text.replace("ulr", "url")
    assert "${stage}" not in text


def test_references_of_several_lines_are_said_once_with_stages():
    text = SHELL + ("stages: {dev: {environment: {BB: c}}, prod: {}}\nenvironment:\n  AA: |\n    x\n    ${jobs.url}\n")
    (found,) = check_text(text)
    assert (found.range.start.line, found.range.start.character, found.range.end.character) == (7, 6, 10)


def test_an_id_that_is_the_implicit_api_s_in_the_template():
    check_part(
        """\
functions:
  Api:
# ^^^ error SIG204: 'Api' and the api 'api', which http triggers without 'api' use, are both 'Api'
    runtime: python3.13
    handler: app.handler
    code: src
    triggers: [http: GET /]
"""
    )
    check_part(
        """\
functions:
  Api:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers: [{http: GET /, api: shop}]
resources:
  shop: {type: api}
"""
    )
