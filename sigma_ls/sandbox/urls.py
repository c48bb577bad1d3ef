"""The addresses of deployed things, as they answer on this machine."""

import re

# `https://ID.execute-api.REGION.amazonaws.com/…`, and the emulator's own variants of the host's end.
_API = re.compile(r"https?://([a-z0-9]+)\.execute-api\.[^/?#]+(.*)", re.DOTALL)
_FUNCTION = re.compile(r"https?://([a-z0-9-]+)\.lambda-url\.[^/?#]+(.*)", re.DOTALL)


def local(base: str, url: str) -> str:
    """The address under the sandbox's `base` of an API or a function URL; any other `url` as it is."""
    for kind, pattern in (("_api", _API), ("_url", _FUNCTION)):
        if match := pattern.fullmatch(url):
            thing, rest = match.groups()
            return f"{base}/{kind}/{thing}{rest or '/'}"
    return url
