"""What CloudFormation refuses for its size (CloudFormation user guide, *Understand CloudFormation quotas*)."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from sigma_ls.synth.cloudformation.render import canonical_json
from sigma_ls.synth.template import Template, TemplatePath

RESOURCES = 500
PARAMETERS = 200
OUTPUTS = 200
MAPPINGS = 200
DESCRIPTION_BYTES = 1_024
TEMPLATE_BYTES = 1_000_000
"""Of a template in a bucket."""
INLINE_BYTES = 51_200
"""Of a template that is sent with the request; a larger one goes by way of a bucket."""


@frozen
class Excess:
    """A limit that the template exceeds, and the template path that does."""

    message: str
    path: TemplatePath


def excesses(template: Template) -> Iterator[Excess]:
    """Every limit that the template exceeds."""
    counts = (
        ("Resources", RESOURCES, "Move some functions and resources to a second project."),
        ("Parameters", PARAMETERS, "Ask for fewer values, or keep them in the secret store and use `{secret: …}`."),
        ("Outputs", OUTPUTS, "Leave out some of `outputs`."),
        ("Mappings", MAPPINGS, "Leave out some of the template's `Mappings`."),
    )
    for section, limit, way_out in counts:
        count = len(template.body.get(section, {}))
        if count > limit:
            yield Excess(
                f"The template has {count} {section.lower()}; CloudFormation takes {limit}. {way_out}", (section,)
            )
    description = len(str(template.body.get("Description", "")).encode())
    if description > DESCRIPTION_BYTES:
        message = f"The description has {description} bytes; CloudFormation takes {DESCRIPTION_BYTES}. Shorten it."
        yield Excess(message, ("Description",))
    size = len(canonical_json(template.body).encode())
    if size > TEMPLATE_BYTES:
        message = (
            f"The template has {size:,} bytes; CloudFormation takes {TEMPLATE_BYTES:,}. "
            "Move some functions and resources to a second project."
        )
        yield Excess(message, ())


def fits_inline(text: str) -> bool:
    """Whether a rendered template can be sent with the request itself."""
    return len(text.encode()) <= INLINE_BYTES
