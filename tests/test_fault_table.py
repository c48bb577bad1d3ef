"""The table of faults that test runs end with."""

from inline_snapshot import snapshot

from tests.support.faults import table


def test_it_has_a_row_for_each_call_and_a_column_for_each_fault():
    rows = [
        ("update", 2, "DescribeStacks", "denied", "failed", "CREATE_COMPLETE"),
        ("create", 1, "GetCallerIdentity", "denied", "failed", "-"),
        ("create", 1, "GetCallerIdentity", "500", "succeeded", "CREATE_COMPLETE"),
    ]
    assert "\n".join(table(rows)) == snapshot("""\
           call               500        denied
create  1  GetCallerIdentity  succeeded  failed, no stack
update  2  DescribeStacks                failed, CREATE_COMPLETE\
""")
