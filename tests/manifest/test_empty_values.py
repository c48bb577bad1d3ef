"""Keys that stand alone, as they do while somebody types: what may be empty, and what is said of the rest once."""

import pytest

from sigma_ls.manifest import check_text, lower
from tests.support.check import SHELL, check_diagnostics, check_part


def test_a_required_key_without_a_value():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src
    vpc:
      subnets:
#     ^^^^^^^ error SIG101: 'subnets' has no value
      securityGroups:
#     ^^^^^^^^^^^^^^ error SIG101: 'securityGroups' has no value
    triggers:
      - event:
#       ^^^^^ error SIG101: 'event' has no value
      - bucket: images
        events:
#       ^^^^^^ error SIG101: 'events' has no value
  list:
    runtime: python3.13
    handler: app.handler
    code: src
    vpc:
#   ^^^ error SIG101: 'vpc' has no value
    triggers:
      - http: GET /
        api: shop
resources:
  images: {type: bucket}
  shop:
    type: api
    domain:
#   ^^^^^^ error SIG101: 'domain' has no value
"""
    )


@pytest.mark.parametrize("key", ["layers", "triggers", "uses", "environment", "permissions"])
def test_a_list_or_mapping_may_be_empty(key):
    text = f"{SHELL}functions:\n  one:\n    runtime: python3.13\n    handler: app.handler\n    code: src\n    {key}:\n"
    assert check_text(text) == []
    assert lower(text).project is not None


def test_a_region_without_a_value_is_said_once():
    check_diagnostics(
        """\
name: demo
platform: aws
aws:
  region:
# ^^^^^^ error SIG101: 'region' has no value
"""
    )


def test_operations_without_a_value():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    uses:
      jobs:
#     ^^^^ error SIG101: 'jobs' takes an operation, or a list of them, not nothing
      news: {to: publish}
#           ^^^^^^^^^^^^^ error SIG101: 'news' takes an operation, not a mapping
resources:
  jobs: {type: queue}
  news: {type: topic}
"""
    )
