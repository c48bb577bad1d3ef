"""Family 4: triggers, by themselves and with what they are triggered by."""

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_diagnostics, check_part


def function(name, rest):
    return f"  {name}: {{runtime: python3.13, handler: app.handler, code: src, {rest}}}\n"


def test_same_route_twice():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - http: GET /a/{id}
      - http: GET /a
      - http: GET /a/{rest+}
      - http: default
  two:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - http: GET /a/{name}
#             ^^^^^^^^^^^^^ error SIG401: The route 'GET /a/{name}' is taken already
      - http: POST /a/{id}
      - http: default
#             ^^^^^^^ error SIG401
      - http: GET /a/{id}
        api: other
resources:
  other: {type: api}
"""
    )


def test_same_route_twice_in_one_function():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - http: GET /
      - http: GET /
#             ^^^^^ error SIG401
"""
    )


def test_visibility_timeout():
    check_part(
        "functions:\n"
        + function("short", "timeout: 30, triggers: [queue: jobs]")
        + function("long", "timeout: 31, triggers: [queue: jobs]")
        + "#"
        + " " * 93
        + "^^^^ error SIG402: 30 seconds, but the function may work on it for 31\n"
        + function("usual", "triggers: [queue: quick]")
        + "#"
        + " " * 81
        + "^^^^^ error SIG402: at least 15\n"
        + """\
resources:
  jobs: {type: queue, visibilityTimeout: 30}
  quick: {type: queue, visibilityTimeout: 14}
"""
    )


def test_visibility_is_related_to_the_queue():
    text = (
        SHELL
        + "functions:\n"
        + function("long", "timeout: 31, triggers: [queue: jobs]")
        + "resources:\n\n  jobs: {type: queue, visibilityTimeout: 30}\n"
    )
    (found,) = check_text(text)
    (related,) = found.related
    assert related.range.start.line == 7


def test_recursion_by_other_sources():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - queue: jobs
#              ^^^^ warning SIG403: Messages of 'jobs' call 'work', which may send to 'jobs' again
      - topic: news
#              ^^^^ warning SIG403: which may publish to 'news' again
      - table: sizes
#              ^^^^^ warning SIG403: Changes of 'sizes' call 'work', which may change 'sizes' again
      - stream: clicks
#               ^^^^^^ warning SIG403: which may write to 'clicks' again
    uses: {jobs: send, news: publish, sizes: [read, write], clicks: write}
  careful:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {queue: jobs, filter: {body: {kind: [new]}}}
      - topic: news
      - table: sizes
      - stream: clicks
    uses: {jobs: send, sizes: read, clicks: read}
resources:
  jobs: {type: queue}
  news: {type: topic}
  sizes: {type: table, partitionKey: id}
  clicks: {type: stream}
"""
    )


def test_same_trigger_twice():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - queue: jobs
      - {queue: jobs, batch: 3}
#               ^^^^ error SIG417: 'work' has a trigger of 'jobs' already
      - url: public
      - url: iam
#            ^^^ error SIG417: 'work' has a URL already
      - logs: /shop
      - {logs: /shop, filter: ERROR}
      - schedule: rate(1 hour)
      - schedule: rate(2 hours)
  other:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers: [queue: jobs, url: public]
resources:
  jobs: {type: queue}
"""
    )


def test_recursion():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - bucket: images
#               ^^^^^^ warning SIG403: Objects in 'images' call 'resize', which may write to 'images' again
      - bucket: images
#               ^^^^^^ error SIG413
        prefix: uploads/
      - bucket: images
        events: removed
    uses: {images: [read, write]}
resources:
  images: {type: bucket}
"""
    )


def test_no_recursion_where_it_only_reads():
    check_part(
        "functions:\n"
        + function("resize", "triggers: [bucket: images], uses: {images: [read, delete]}")
        + "resources:\n  images: {type: bucket}\n"
    )


def test_batches():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {queue: jobs, batch: 10}
      - {queue: two, batch: 11}
#                           ^^ error SIG404: needs a 'window' of at least 1 second
      - {queue: three, batch: 11, window: 0}
#                             ^^ error SIG404
      - {queue: four, batch: 11, window: 1}
  in-order:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {queue: ordered, batch: 11, window: 1}
#                               ^^ error SIG405: 'ordered' is a FIFO queue
#                                           ^ error SIG416: takes no 'window'
  right:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {queue: ordered, batch: 10, window: 0}
resources:
  jobs: {type: queue}
  two: {type: queue}
  three: {type: queue}
  four: {type: queue}
  ordered: {type: queue, fifo: true}
"""
    )


def test_existing_sources():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - bucket: images
#               ^^^^^^ warning SIG409: 'images' exists already, so that EventBridge calls the function
      - table: carts
#              ^^^^^ error SIG406: give the table 'stream
      - table: sizes
      - {userPool: users, on: preSignUp}
#                  ^^^^^ error SIG406: 'users' exists already, and a deployment cannot set the steps
      - topic: news
resources:
  images: {type: bucket, existing: my-images}
  carts: {type: table, existing: carts}
  sizes: {type: table, existing: sizes, stream: "arn:aws:dynamodb:eu-west-1:123456789012:table/sizes/stream/2026"}
  users: {type: userPool, existing: eu-west-1_AbCdEfGhI}
  news: {type: topic, existing: news}
"""
    )


def test_a_fifo_topic():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - topic: news
#              ^^^^ error SIG410: 'news' is a FIFO topic, which delivers to queues only
resources:
  news: {type: topic, fifo: true}
"""
    )


def test_a_pool_without_clients():
    check_part(
        """\
functions:
  list:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {http: GET /a, auth: users}
#                            ^^^^^ error SIG408: The user pool 'users' has no client
      - {http: GET /b, auth: members}
      - {http: GET /c, auth: partners}
resources:
  users: {type: userPool}
  members: {type: userPool, clients: {web: {}}}
  partners: {type: userPool, existing: eu-west-1_AbCdEfGhI}
"""
    )


def test_one_trigger_on_google_cloud():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp: {project: my-project, region: europe-west1, serviceAccount: deployer@my-project.iam.gserviceaccount.com}
functions:
  none:
# ^^^^ error SIG407: has none: add one
    runtime: python313
    handler: hello
    code: src
  two:
    runtime: python313
    handler: hello
    code: src
    triggers:
      - http: default
      - http: default
#       ^^^^ error SIG407: has 2
"""
    )


def test_a_key_that_is_nearly_one_of_the_trigger_s():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - {bucket: images, event: created}
#                        ^^^^^ error SIG108: 'event' is a second kind beside 'bucket': did you mean 'events'?
      - {table: sizes, stream: all}
#                      ^^^^^^ error SIG108: make it a trigger of its own
      - bucket: ${images.name}
#               ^^^^^^^^^^^^^^ error SIG201: did you mean 'images'
      - queue: arn:aws:sqs:eu-west-1:123456789012:jobs
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG201: Declare it under 'resources' with this ARN
resources:
  images: {type: bucket}
  sizes: {type: table, partitionKey: id}
outputs:
  Names: {value: "${images.name} ${sizes.name}"}
"""
    )


def test_sources_of_logs_triggers():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - logs: /aws/lambda/other#1
      - logs: audit
      - logs: jobs
#             ^^^^ error SIG206: 'jobs' is a queue, but the source of a logs trigger is a logGroup
      - logs: my group
#             ^^^^^^^^ error SIG209: 'my group' is no name of a log group
      - logs: arn:aws:logs:eu-west-1:123456789012:log-group:x
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG209
      - logs: ''
#             ^^ error SIG209
resources:
  audit: {type: logGroup}
  jobs: {type: queue}
"""
    )
