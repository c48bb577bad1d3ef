"""A request is always answered, whatever is wrong with it, and nothing that comes ends the server."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.editor import SIGMA, Refusal, connected
from tests.support.scripted import ScriptedDeployments


def scripted() -> ScriptedDeployments:
    return ScriptedDeployments()


async def refusal(future: asyncio.Future[object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        async with asyncio.timeout(10):
            await future
    return caught.value


async def test_parameters_that_do_not_fit_are_answered_and_name_the_field() -> None:
    async with connected(scripted().services) as editor:
        error = await refusal(editor.ask("textDocument/documentSymbol", {"textDocument": {}}))
        assert error.code == -32602
        assert "$.textDocument.uri" in error.message


async def test_no_parameters_at_all_are_answered() -> None:
    async with connected(scripted().services) as editor:
        for method in ("textDocument/documentSymbol", "workspace/executeCommand"):
            assert (await refusal(editor.ask(method))).code == -32602


async def test_an_unknown_method_is_answered() -> None:
    async with connected(scripted().services) as editor:
        assert (await refusal(editor.ask("sigma/unheardOf", {"a": 1}))).code == -32601
        editor.notify("sigma/unheardOf", {"a": 1})
        editor.notify("$/unheardOf")
        await editor.settled()


async def test_a_request_before_initialize_is_answered() -> None:
    async with connected(scripted().services, start=False) as editor:
        assert (await refusal(editor.ask("textDocument/documentSymbol", {}))).code == -32002
        editor.notify("textDocument/didOpen", {})
        assert (await editor.request("initialize", {"capabilities": {}}))["serverInfo"]["name"] == "sigma-ls"


@pytest.mark.parametrize("params", [None, [], "x", 7])
async def test_initialize_without_an_object_is_answered(params: object) -> None:
    async with connected(scripted().services, start=False) as editor:
        assert (await refusal(editor.ask("initialize", params))).code == -32602


async def test_capabilities_that_are_nonsense_are_no_capabilities() -> None:
    async with connected(scripted().services, start=False) as editor:
        nonsense = {"general": 3, "textDocument": [], "experimental": {"sigma": "yes"}, "window": None}
        answer = await editor.request("initialize", {"capabilities": nonsense, "workspaceFolders": [1, {}, {"uri": 2}]})
        assert answer["capabilities"]["positionEncoding"] == "utf-16"
        assert "experimental" not in answer["capabilities"]


async def test_a_second_initialize_is_refused() -> None:
    async with connected(scripted().services) as editor:
        assert (await refusal(editor.ask("initialize", {"capabilities": {}}))).code == -32600


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff\xfe\x00", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b"null", -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":7}', -32600),
        (b'{"jsonrpc":"2.0","id":{},"method":"shutdown"}', -32600),
    ],
)
async def test_bodies_that_are_no_message_are_answered(body: bytes, code: int) -> None:
    async with connected(scripted().services) as editor:
        editor.send_bytes(body)
        await editor.settled()
        assert [(stray["id"], stray["error"]["code"]) for stray in editor.stray] == [(None, code)]


async def test_answers_to_nothing_are_ignored() -> None:
    async with connected(scripted().services) as editor:
        for answer in ({"id": "x", "result": 1}, {"id": [], "error": 3}, {}):
            editor.send(answer)
        await editor.settled()
        assert editor.stray == []


async def test_a_defect_is_answered_without_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    deployments = scripted()
    deployments.refusals["logs"] = RuntimeError("the secret is 42")  # type: ignore[assignment]
    async with connected(deployments.services, SIGMA) as editor:
        error = await refusal(
            editor.ask("workspace/executeCommand", {"command": "sigma.logs", "arguments": [{"deployment": "d"}]})
        )
    assert error.code == -32603
    assert "42" not in error.message
    assert error.data is None
    assert "the secret is 42" in caplog.text


async def test_a_cancelled_command_is_answered_and_ends() -> None:
    deployments = scripted()
    entered, ended = asyncio.Event(), asyncio.Event()

    async def never(_: object) -> object:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    deployments.start = never  # type: ignore[method-assign]
    async with connected(deployments.services) as editor:
        future = editor.ask_as(
            "one",
            "workspace/executeCommand",
            {"command": "sigma.deploy", "arguments": [{"project": "file:///x/sigma.yaml"}]},
        )
        await entered.wait()
        editor.notify("$/cancelRequest", {"id": "one"})
        assert (await refusal(future)).code == -32800
        await ended.wait()
        editor.notify("$/cancelRequest", {"id": "nothing"})
        editor.notify("$/cancelRequest", None)
        await editor.settled()


async def test_shutdown_cancels_what_runs_and_then_only_exit_is_heard() -> None:
    deployments = scripted()
    entered = asyncio.Event()

    async def never(_: object) -> object:
        entered.set()
        await asyncio.Event().wait()
        raise AssertionError

    deployments.start = never  # type: ignore[method-assign]
    async with connected(deployments.services) as editor:
        running = [
            editor.ask(
                "workspace/executeCommand",
                {"command": "sigma.deploy", "arguments": [{"project": "file:///x/sigma.yaml"}]},
            )
            for _ in range(3)
        ]
        await entered.wait()
        await editor.request("shutdown")
        assert [(await refusal(future)).code for future in running] == [-32800] * 3
        assert (await refusal(editor.ask("textDocument/documentSymbol", {}))).code == -32600
    assert editor.exit_code == 0
    assert deployments.closed


async def test_exit_without_shutdown_is_a_failure() -> None:
    async with connected(scripted().services) as editor:
        editor.notify("exit")
        await editor.listen_ended()
    assert editor.exit_code == 1


async def test_an_editor_that_is_gone_ends_the_conversation_in_good_order() -> None:
    deployments = scripted()
    async with connected(deployments.services) as editor:
        await editor.ready()
        editor._writer.write_eof()
        await editor.listen_ended()
    assert editor.exit_code == 0
    assert deployments.closed


async def test_broken_framing_ends_the_conversation() -> None:
    async with connected(scripted().services) as editor:
        editor._writer.write(b"x" * 10_000)
        await editor.listen_ended()
    assert editor.exit_code == 1
