"""`template`: the deployment template on standard output, and nothing else there."""

from __future__ import annotations

from typing import Literal

from sigma_ls.app.refusal import Refused
from sigma_ls.app.template import template_text
from sigma_ls.cli.failure import Failure
from sigma_ls.cli.host import Host


def template(path: str, *, stage: str | None, style: Literal["yaml", "json"], host: Host) -> int:
    """Print it; nothing is built and no cloud is asked."""
    try:
        rendered = template_text(str(host.folder / path), stage=stage, language_id=style)
    except Refused as refused:
        raise Failure(refused.message) from refused
    host.out.write(rendered.text if rendered.text.endswith("\n") else f"{rendered.text}\n")
    return 0
