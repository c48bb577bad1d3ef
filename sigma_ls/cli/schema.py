"""`schema`: the JSON Schema of manifests on standard output, and nothing else there."""

from __future__ import annotations

from sigma_ls.cli.host import Host
from sigma_ls.manifest.schema.json_schema import schema_text


def schema(host: Host) -> int:
    """Print it."""
    host.out.write(schema_text())
    host.out.flush()
    return 0
