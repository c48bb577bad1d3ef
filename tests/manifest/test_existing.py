"""Resources that exist already."""

from tests.support.check import check_part

WORK = """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    uses: {images: read, others: read, jobs: send, sizes: read, users: read}
"""


def test_keys_without_effect():
    check_part(
        WORK
        + """\
resources:
  images: {type: bucket, existing: my-images, versioned: true, properties: {A: b}}
#                                             ^^^^^^^^^ hint SIG113: 'versioned' changes nothing
#                                                              ^^^^^^^^^^ hint SIG113
  others: {type: bucket, versioned: true, keep: true, name: my-others}
  jobs: {type: queue, existing: jobs.fifo, fifo: true, visibilityTimeout: 30}
  sizes: {type: table, existing: sizes, stream: "arn:aws:dynamodb:eu-west-1:123456789012:table/sizes/stream/2026"}
  users: {type: userPool, existing: eu-west-1_AbCdEfGhI, clients: {web: {}}, signIn: email}
#                                                                            ^^^^^^ hint SIG113
"""
    )


def test_arns_of_something_else():
    check_part(
        WORK
        + """\
resources:
  images: {type: bucket, existing: "arn:aws:sqs:eu-west-1:123456789012:images"}
#                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG213: is of the service 'sqs', but the ARN of a bucket is of 's3'
  others: {type: bucket, existing: "arn:aws:s3:::others"}
  jobs: {type: queue, existing: "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"}
  sizes: {type: table, existing: sizes}
  users: {type: userPool, existing: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEfGhI"}
"""
    )


def test_attributes_that_are_not_known():
    check_part(
        """\
resources:
  store: {type: cache, existing: sessions}
  sizes: {type: table, existing: sizes}
  users: {type: userPool}
  members: {type: userPool, clients: {web: {}}}
  fresh: {type: cache, engine: redis}
outputs:
  A: {value: "${store.name} ${store.endpoint}"}
#                                   ^^^^^^^^ error SIG202: it exists already, and where it is reached is not known
  B: {value: "${sizes.streamArn}"}
#                     ^^^^^^^^^ error SIG202: give it 'stream: <the ARN of its stream>'
  C: {value: "${users.clientId}"}
#                     ^^^^^^^^ error SIG202: it declares no client
  D: {value: "${members.clientId} ${fresh.endpoint}"}
"""
    )


def test_arns_that_are_none():
    check_part(
        """\
functions:
  work: {runtime: python3.13, handler: app.handler, code: src, uses: {jobs: send, policy: }}
#                                                                                 ^^^^^^ error SIG101
resources:
  jobs: {type: queue, existing: arn:aws:sqs}
#                               ^^^^^^^^^^^ error SIG107: 'arn:aws:sqs' is no ARN
  policy: {type: AWS::IAM::ManagedPolicy, existing: arn:aws:iam::aws:policy/ReadOnlyAccess}
  sizes: {type: table, existing: sizes, stream: arn:aws:dynamodb:eu-west-1:123456789012:table/sizes}
#                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG107: 'stream' takes
outputs: {Sizes: {value: "${sizes.arn}"}}
"""
    )
