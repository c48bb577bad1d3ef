"""Patterns of events and filters: each value is a list of what may match."""

from tests.support.check import check_part


def test_filters():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {queue: jobs, filter: {body: {kind: [image, {prefix: a}], size: [{numeric: [">", 3]}]}}}
      - {topic: news, filter: {kind: image}}
#                                    ^^^^^ error SIG419: 'kind' takes a list of what may match: write '[image]'
      - table: sizes
        filter:
          - {dynamodb: {NewImage: {size: {N: []}}}}
#                                            ^^ error SIG419: 'N' matches nothing
          - {$or: [{eventName: [INSERT]}, {eventName: REMOVE}]}
#                                                     ^^^^^^ error SIG419
      - {logs: /shop, filter: ERROR}
resources:
  jobs: {type: queue}
  news: {type: topic}
  sizes: {type: table, partitionKey: id}
"""
    )


def test_events():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - event: {source: aws.s3, detailType: [Object Created], detail: {bucket: {name: ["${images.name}"]}}}
      - event: {}
#       ^^^^^ error SIG419: An event pattern needs at least one of 'source', 'detailType' and 'detail'
      - event: {source: shop, detail: {state: done}}
#                                             ^^^^ error SIG419
      - event: {source: shop, detail: done}
#                                     ^^^^ error SIG101: 'detail' takes a mapping
      - event: {source: []}
#                       ^^ error SIG419
resources:
  images: {type: bucket}
"""
    )
