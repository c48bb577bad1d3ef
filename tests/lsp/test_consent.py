"""Whom the server asks before it installs anything."""

from sigma_ls.app.world import granted
from sigma_ls.lsp.serve import needed_consent
from sigma_ls.runtime.installation import BUNDLED_PIP


async def asking(wanted):
    raise AssertionError(f"nobody is to be asked here: {wanted}")


def test_a_server_that_came_with_an_extension_asks(monkeypatch):
    monkeypatch.setenv(BUNDLED_PIP, "/extension/pip")
    assert needed_consent(asking) is asking


async def test_one_that_was_installed_by_hand_does_not(monkeypatch):
    monkeypatch.delenv(BUNDLED_PIP, raising=False)
    assert needed_consent(asking) is granted
    assert await needed_consent(asking)([])
