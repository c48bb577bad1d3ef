"""What a deployment failed at stays at its manifest line until the next one."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from sigma_ls.deploy.snapshot import Failure, Location, ProjectRef
from sigma_ls.syntax.span import Range
from tests.support.editor import SIGMA, connected
from tests.support.scripted import RUNNING, SUCCEEDED, ScriptedDeployments

TEXT = "name: shop\nplatform: aws\naws: {region: eu-west-1}\nnmae: x\n"


def failed(uri: str, line: int = 2, reason: str = "Name taken.") -> dict[str, Any]:
    location = Location(uri, Range.of(line, 0, line, 3))
    return {
        "outcome": "rolledBack",
        "failures": (
            Failure("orders", reason, root_cause=True, location=location),
            Failure("x", "y", root_cause=False),
        ),
        "project": ProjectRef(uri, "shop"),
    }


URI = "untitled:/shop/sigma.yaml"


@pytest.mark.parametrize("capabilities", [{}, SIGMA])
async def test_it_is_shown_beside_what_the_analysis_says(capabilities: dict[str, Any]) -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services, capabilities) as editor:
        await editor.ready()
        editor.open(URI, TEXT)
        assert len(await editor.published(URI, 1)) == 1
        deployments.show(SUCCEEDED, **failed(URI))
        unknown, failure = await editor.published(URI, 1)
        assert "nmae" in unknown["message"]
        assert (failure["message"], failure["source"], failure["severity"]) == ("orders: Name taken.", "sigma", 1)
        assert failure["range"]["start"] == {"line": 2, "character": 0}
        deployments.show(RUNNING, project=ProjectRef(URI, "shop"))
        assert len(await editor.published(URI, 1)) == 1


async def test_it_moves_with_the_text() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        editor.open(URI, TEXT)
        await editor.published(URI, 1)
        deployments.show(SUCCEEDED, **failed(URI))
        await editor.published(URI, 1)
        editor.change(URI, 2, (0, 0, 0, 0, "# one\n# two\n"), (6, 0, 6, 0, "# below\n"))
        assert [each["range"]["start"]["line"] for each in await editor.published(URI, 2)] == [5, 4]
        editor.change(URI, 3, (0, 0, 2, 0, ""))
        assert [each["range"]["start"]["line"] for each in await editor.published(URI, 3)] == [3, 2]


async def test_it_is_shown_in_a_closed_manifest_too(tmp_path: Any) -> None:
    manifest = tmp_path / "sigma.yaml"
    manifest.write_text(TEXT)
    uri = manifest.as_uri()
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        deployments.show(SUCCEEDED, **failed(uri))
        assert [each["message"] for each in await editor.published(uri)] == ["orders: Name taken."]
        editor.open(uri, TEXT)
        assert len(await editor.published(uri, 1)) == 2
        editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert len(await editor.published(uri)) == 1
        deployments.show(RUNNING, project=ProjectRef(uri, "shop"))
        assert await editor.published(uri) == []


async def test_a_new_server_shows_what_the_last_deployment_failed_at() -> None:
    deployments = ScriptedDeployments()
    deployments.past = (
        evolve(SUCCEEDED, id="new", started_at="2026-01-02", **failed(URI, reason="New.")),
        evolve(SUCCEEDED, id="old", started_at="2026-01-01", **failed(URI, reason="Old.")),
    )
    async with connected(deployments.services) as editor:
        await editor.ready()
        editor.open(URI, TEXT)
        found = await editor.until("textDocument/publishDiagnostics", lambda params: len(params["diagnostics"]) == 2)
        assert found["diagnostics"][-1]["message"] == "orders: New."
        assert "window/showMessage" not in editor.unread()


async def test_what_the_analysis_says_already_is_not_said_twice() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        editor.open(URI, TEXT)
        (unknown,) = await editor.published(URI, 1)
        location = Location(URI, Range.of(3, 0, 3, 4))
        again = Failure("sigma.yaml", f"{unknown['message']} [SIG102]", root_cause=True, location=location)
        deployments.show(SUCCEEDED, outcome="refused", failures=(again,), project=ProjectRef(URI, "shop"))
        assert await editor.published(URI, 1) == [unknown]


async def test_what_was_refused_is_no_fault_of_the_text_after_an_edit() -> None:
    deployments = ScriptedDeployments()
    async with connected(deployments.services) as editor:
        await editor.ready()
        editor.open(URI, TEXT)
        await editor.published(URI, 1)
        deployments.show(
            SUCCEEDED, **{**failed(URI, reason="There is no 'dist/a.zip'. [SIG301]"), "outcome": "refused"}
        )
        assert len(await editor.published(URI, 1)) == 2
        editor.change(URI, 2, (2, 0, 2, 3, "aws"))
        (unknown,) = await editor.published(URI, 2)
        assert "nmae" in unknown["message"]
