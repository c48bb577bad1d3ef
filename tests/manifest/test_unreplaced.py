"""`${…}` where the text goes to the cloud as it is written."""

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_part


def test_references_that_are_not_replaced():
    check_part(
        """\
stages: {dev: {}}
functions:
  resize:
    description: In ${stage}.
#                   ^^^^^^^^ warning SIG217: 'description' is taken as it is written: '${stage}' is not replaced here
    runtime: python3.13
    handler: app.handler
    code: src
    environment:
      KEY: {secret: "${stage}/key"}
#                    ^^^^^^^^ warning SIG217: 'secret' is taken as it is written
    triggers:
      - bucket: images # sigma: ignore SIG409
        prefix: "${images.name}/"
#                ^^^^^^^^^^^^^^ warning SIG217: 'prefix' is taken as it is written
resources:
  images: {type: bucket, existing: "images-${account}"}
#                                          ^^^^^^^^^^ warning SIG217
"""
    )


def test_what_is_no_reference_of_ours_is_left_alone():
    text = SHELL + (
        "description: Costs ${5} and ${user} and $${stage}.\n"
        "functions:\n"
        "  resize: {runtime: python3.13, handler: app.handler, code: src, environment: {STAGE: '${stack}'}}\n"
    )
    assert check_text(text) == []


def test_names_that_cloudformation_has_for_ours():
    check_part(
        """\
environment:
  REGION: ${AWS::Region}
#         ^^^^^^^^^^^^^^ error SIG205: did you mean '${region}'
"""
    )
    (found,) = check_text(SHELL + "environment: {ACCOUNT: 'a ${AWS::AccountId}'}\n")
    assert found.fix is not None
    assert found.fix.edits[0].text == "${account}"


def test_the_filter_of_a_log_group_takes_references():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - logs: /shop
        filter: '{ $.queue = "${jobs.name}" }'
      - logs: /shop
        filter: ${job.name}
#                 ^^^ error SIG201: did you mean 'jobs'
      - event: {source: ["${project}.orders", "${news.arm}"], detailType: "${stack}"}
#                                                     ^^^ error SIG202: did you mean 'arn'
resources:
  jobs: {type: queue}
  news: {type: topic}
"""
    )
