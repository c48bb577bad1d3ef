"""For all tests: none reaches the network beyond loopback."""

import os

from tests.support.faults import PROPERTY, table

# What the examples need has been fetched into uv's cache (tools/make/packages.py); a test with packages of its own names
# an index of its own on this machine.
os.environ["UV_OFFLINE"] = "1"


def pytest_terminal_summary(terminalreporter):
    """Show what became of deployments when a call went wrong, where that was tested."""
    reports = [
        each for found in terminalreporter.stats.values() for each in found if getattr(each, "when", "") == "call"
    ]
    rows = [value for each in reports for name, value in each.user_properties if name == PROPERTY]
    if rows:
        terminalreporter.section("A fault at every API call: call, fault and result")
        for line in table(rows):
            terminalreporter.write_line(line)
