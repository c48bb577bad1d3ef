"""Triggers by buckets: events that contain each other, and wildcards that are none."""

from tests.support.check import check_part


def test_events_that_contain_each_other():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {bucket: images, events: [created, removed]}
      - {bucket: others, events: [created, "created:put"]}
#                                          ^^^^^^^^^^^^^ error SIG413: 'created' and 'created:put' are both of one event
      - {bucket: more, events: ["created:put", "created:post", "removed:delete"]}
      - {bucket: most, events: [removed, removed]}
#                                        ^^^^^^^ error SIG413
  other:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {bucket: theirs, events: [created, "created:put"]}
#                ^^^^^^ warning SIG409
resources:
  images: {type: bucket}
  others: {type: bucket}
  more: {type: bucket}
  most: {type: bucket}
  theirs: {type: bucket, existing: theirs}
"""
    )


def test_wildcards():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {bucket: images, prefix: uploads/*, suffix: .jpg}
#                                ^^^^^^^^^ warning SIG420: '*' in a prefix is an asterisk
      - {bucket: others, suffix: "*.jpg"}
#                                ^^^^^^^ warning SIG420: compares the end of keys
      - {bucket: more, prefix: uploads/, suffix: .jpg}
resources:
  images: {type: bucket}
  others: {type: bucket}
  more: {type: bucket}
"""
    )
