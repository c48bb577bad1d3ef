"""The URIs under which editors open generated templates."""

from __future__ import annotations

from sigma_ls.lsp.announced import TEMPLATE_SCHEME

_NAME = "/template.yaml"


def template_uri(manifest_uri: str) -> str:
    """The URI under which an editor can open the template of a manifest.

    Like a file of the manifest, so that it has a name of its own in the editor, and is not taken for a manifest.
    """
    return f"{TEMPLATE_SCHEME}:{manifest_uri.partition(':')[2]}{_NAME}"


def manifest_uri(uri: str) -> str | None:
    """The URI of the manifest whose template this is."""
    scheme, _, rest = uri.partition(":")
    return f"file:{rest.removesuffix(_NAME)}" if scheme == TEMPLATE_SCHEME and rest.endswith(_NAME) else None
