"""For all tests: none reaches the network beyond loopback, none fails for being slow, the long ones are begun first."""

import gc
import os

import pytest
from hypothesis import settings

from tests.support.faults import PROPERTY, table

# What the examples need has been fetched into uv's cache (tools/make/packages.py); a test with packages of its own names
# an index of its own on this machine.
os.environ["UV_OFFLINE"] = "1"

if settings.get_current_profile_name() == "default":
    # A busy machine is no fault. Under CI Hypothesis has a profile without deadlines itself.
    settings.register_profile("unhurried", deadline=None)
    settings.load_profile("unhurried")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Have those begun first that take long: whoever comes last is not waited for then."""
    items.sort(key=lambda item: -max((mark.args[0] for mark in item.iter_markers("seconds")), default=0))


def pytest_collection_finish():
    """Leave all that is there by now out of garbage collections.

    Test modules and what they import are 350,000 objects.  To look through them takes 0.3 seconds, at each collection
    of the oldest generation, of which a test that makes clients of an SDK has half a dozen.
    """
    gc.collect()
    gc.freeze()


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
