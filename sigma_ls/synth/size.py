"""How many resources a template has at least, told from a manifest's entries without making the template.

For manifests that are far too large: to make the template of 50,000 lines takes seconds, only to refuse it.
"""

from __future__ import annotations

RESOURCES = 500
"""CloudFormation user guide, *Understand CloudFormation quotas*."""
OF_FUNCTION = 3
"""A function comes with its role and its log group (`cloudformation.function`)."""


def least_resources(functions: int, resources: int) -> int:
    """Of a template of so many functions and used resources that do not exist already; each makes one at least."""
    return OF_FUNCTION * functions + resources


def too_many_resources(count: str) -> str:
    """What to say of a template with `count` resources, such as `612` or `at least 1450`."""
    return (
        f"The template has {count} resources; CloudFormation takes {RESOURCES}. "
        "Move some functions and resources to a second project."
    )
