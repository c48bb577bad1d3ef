"""Where messages and events go that could not be worked on."""

from tests.support.check import check_part


def test_queues():
    check_part(
        """\
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
    uses: {jobs: send, ordered: send, self: send, both: send, legacy: send}
resources:
  failed: {type: queue}
  failed-in-order: {type: queue, fifo: true}
  gone: {type: queue, existing: "arn:aws:sqs:eu-west-1:123456789012:gone.fifo"}
  jobs: {type: queue, deadLetter: failed-in-order}
#                                 ^^^^^^^^^^^^^^^ error SIG211: 'failed-in-order' is a FIFO queue
  ordered: {type: queue, fifo: true, deadLetter: {queue: failed}}
#                                                        ^^^^^^ error SIG211: give it 'fifo: true'
  self: {type: queue, deadLetter: self}
#                                 ^^^^ error SIG211: 'self' cannot take its own dead letters
  both: {type: queue, fifo: true, deadLetter: {queue: failed-in-order, after: 5}}
  legacy: {type: queue, fifo: true, deadLetter: gone}
"""
    )


def test_functions():
    check_part(
        """\
functions:
  work: {runtime: python3.13, handler: app.handler, code: src, deadLetter: failed}
  order: {runtime: python3.13, handler: app.handler, code: src, deadLetter: in-order}
#                                                                           ^^^^^^^^ error SIG211: to standard ones only
  tell: {runtime: python3.13, handler: app.handler, code: src, deadLetter: news}
#                                                                          ^^^^ error SIG211: 'news' is a FIFO topic
resources:
  failed: {type: queue}
  in-order: {type: queue, fifo: true}
  news: {type: topic, fifo: true}
"""
    )
