"""What only one trigger, or two, can have of a resource."""

import pytest

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_part


def function(name, trigger):
    return f"  {name}: {{runtime: python3.13, handler: app.handler, code: src, triggers: [{trigger}]}}\n"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("", ""),
        ("", "suffix: .jpg"),
        ("prefix: a/", "suffix: .jpg"),
        ("prefix: a/", "prefix: a/b/"),
        ("suffix: .jpg", "suffix: a.jpg"),
        ("events: created", "events: ['created:put']"),
        ("events: ['created:put', removed]", "events: ['created:post', 'removed:marker']"),
    ],
)
def test_triggers_of_a_bucket_that_overlap(one, two):
    assert codes(one, two) == ["SIG413"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("suffix: .jpg", "suffix: .png"),
        ("prefix: a/", "prefix: b/"),
        ("prefix: a/, suffix: .jpg", "prefix: a/, suffix: .png"),
        ("events: created", "events: removed"),
        ("events: 'created:put'", "events: 'created:post'"),
    ],
)
def test_triggers_of_a_bucket_that_do_not_overlap(one, two):
    assert codes(one, two) == []


def codes(one, two, more=""):
    triggers = [f"{{bucket: images, {each}}}" if each else "bucket: images" for each in (one, two)]
    text = SHELL + "functions:\n" + function("one", triggers[0]) + function("two", triggers[1])
    return [each.code for each in check_text(f"{text}resources:\n  images: {{type: bucket{more}}}\n")]


def test_a_bucket_that_exists_calls_by_eventbridge_which_takes_any_number():
    assert "SIG413" not in codes("", "", ", existing: my-images")


def test_overlapping_triggers_are_shown_on_the_later_with_the_earlier():
    text = SHELL + "functions:\n" + function("one", "bucket: images") + function("two", "bucket: images")
    [found] = check_text(text + "resources:\n  images: {type: bucket}\n")
    assert (found.range.start.line, found.related[0].range.start.line) == (5, 4)


def test_a_step_of_a_user_pool_has_one_function():
    check_part(
        "functions:\n"
        + function("one", "{userPool: users, on: preSignUp}")
        + function("two", "{userPool: users, on: preSignUp}")
        + "#                                                                                   ^^^^^ error SIG414: this step of 'users'\n"
        + function("three", "{userPool: users, on: postConfirmation}, {userPool: others, on: preSignUp}")
        + "resources:\n  users: {type: userPool}\n  others: {type: userPool}\n"
    )


def test_a_log_group_has_two_filters():
    check_part(
        "functions:\n"
        + function("one", "logs: /shop")
        + function("two", "logs: /shop, logs: /other").replace(
            "logs: /shop, logs: /other", "{logs: /shop}, {logs: /other}"
        )
        + function("three", "logs: /shop")
        + "#                                                                                ^^^^^ error SIG415: '/shop' has 2 filters already\n"
    )
