"""Tables: the keys of a table and of its indexes; and what state machines must have."""

from tests.support.check import SHELL, check_diagnostics, check_part


def test_keys():
    check_part(
        """\
resources:
  same: {type: table, partitionKey: id, sortKey: id}
#                                                ^^ error SIG212: 'id' is the partition key already
  types:
    type: table
    partitionKey: id
    sortKey: {name: at, type: number}
    indexes:
      byTime: {partitionKey: at}
#                            ^^ error SIG212: 'at' is a string here and a number elsewhere
      byKind: {partitionKey: kind, sortKey: {name: at, type: number}}
  right: {type: table, partitionKey: {name: id, type: string}, indexes: {by-id: {partitionKey: id, sortKey: at}}}
outputs:
  A: {value: "${same.name} ${types.name} ${right.name}"}
"""
    )


def test_state_machines():
    check_diagnostics(
        "#- flow.json\n{}\n#- sigma.yaml\n"
        + SHELL
        + """\
resources:
  none: {type: stateMachine}
# ^^^^ error SIG103: 'none' lacks 'definition'
  gone: {type: stateMachine, definition: flows.json}
#                                        ^^^^^^^^^^ error SIG114: There is no file 'flows.json' beside the manifest
  file: {type: stateMachine, definition: flow.json}
  out: {type: stateMachine, definition: ../flow.json}
#                                       ^^^^^^^^^^^^ error SIG114: leads out of the project
  old: {type: stateMachine, existing: old}
template: overlay.yaml
#         ^^^^^^^^^^^^ error SIG114: correct the path in 'template'
outputs:
  A: {value: "${none.arn} ${gone.arn} ${file.arn} ${out.arn} ${old.arn}"}
"""
    )
