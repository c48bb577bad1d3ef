"""What the start of the real process costs, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.editor import SIGMA, Editor
from tests.support.process import SERVER, started

EXAMPLE = Path(__file__).parents[2] / "examples" / "thumbnailer" / "sigma.yaml"

HEAVY = {
    "aws_lambda_builders",
    "boto3",
    "botocore",
    "cfnlint",
    "googleapiclient",
    "rich",
    "uv",
}
"""Packages that a deployment or a terminal needs, and an editor that just opened a file does not."""


async def test_opening_the_example_loads_nothing_heavy() -> None:
    command = (sys.executable, "-X", "importtime", "-m", "sigma_ls")
    async with started(SIGMA, folder=EXAMPLE.parent, command=command) as server:
        uri = EXAMPLE.as_uri()
        server.editor.open(uri, EXAMPLE.read_text())
        assert await server.editor.published(uri) == []
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in server.log if line.startswith("import time")
    }
    assert "pygls" in imported
    assert imported & HEAVY == set()


async def test_opening_the_example_stays_within_its_memory() -> None:
    async with started(SIGMA, folder=EXAMPLE.parent) as server:
        uri = EXAMPLE.as_uri()
        server.editor.open(uri, EXAMPLE.read_text())
        await server.editor.published(uri)
        await server.editor.ready()
        assert _resident(server.process.pid) < 60 * 1024


def _resident(pid: int) -> int:
    """Kilobytes of memory that a process holds."""
    return int(subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True, text=True).stdout)


async def test_exit_without_shutdown_ends_with_1() -> None:
    async with started() as server:
        server.editor.notify("exit")
        assert await server.ended() == 1


async def test_the_end_of_its_input_ends_it() -> None:
    async with started() as server:
        assert server.process.stdin
        server.process.stdin.close()
        assert await server.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_good_order(number: signal.Signals) -> None:
    async with started() as server:
        server.process.send_signal(number)
        assert await server.ended() == 0
    assert server.log == []


async def test_what_prints_does_not_spoil_the_conversation() -> None:
    noisy = (
        "import sys, subprocess, sigma_ls.lsp.serve as serve, sigma_ls.lsp.features.all as features\n"
        "def noise(session):\n"
        "    print('printed')\n"
        "    subprocess.run([sys.executable, '-c', 'import sys; print(repr(sys.stdin.read()))'])\n"
        "features.FEATURES = (*features.FEATURES, noise)\n"
        "sys.exit(serve.main([]))"
    )
    async with started(command=(sys.executable, "-c", noisy)) as server:
        await server.editor.settled()
    assert {"printed", "''"} <= set(server.log)


async def test_a_server_that_cannot_work_ends_and_says_why() -> None:
    broken = (
        "import sys, sigma_ls.lsp.serve as serve, sigma_ls.lsp.features.all as features\n"
        "features.FEATURES = (lambda session: 1 / 0,)\n"
        "sys.exit(serve.main([]))"
    )
    async with started(command=(sys.executable, "-c", broken)) as server:
        assert await server.ended() == 1
    assert "sigma-ls: ERROR: the server cannot work, and ends" in server.log


async def test_threads_that_a_library_left_do_not_keep_it_alive() -> None:
    busy = (
        "import sys, threading, time, sigma_ls.lsp.serve as serve, sigma_ls.lsp.features.all as features\n"
        "def register(session):\n"
        "    threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "features.FEATURES = (*features.FEATURES, register)\n"
        "sys.exit(serve.main([]))"
    )
    async with started(command=(sys.executable, "-c", busy)) as server:
        await server.editor.request("shutdown")
        server.editor.notify("exit")
        assert await server.ended() == 0


async def test_it_listens_where_it_is_told_to() -> None:
    process = await asyncio.create_subprocess_exec(
        *SERVER, "--tcp", "127.0.0.1:0", stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stderr
        port = int((await process.stderr.readline()).decode().rsplit(":", 1)[1])
        editor = Editor(*await asyncio.open_connection("127.0.0.1", port))
        listening = asyncio.create_task(editor.listen())
        assert (await editor.request("initialize", {"capabilities": {}}))["serverInfo"]["name"] == "sigma-ls"
        await editor.close()
        await listening
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SERVER, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run("--tcp", f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [["--tcp", "7000"], ["--tcp"], ["--tcp=x:y"], ["serve", "--sockets"]])
def test_arguments_that_make_no_sense_are_said(args: list[str]) -> None:
    done = _run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [[], ["serve"], ["--stdio"], ["serve", "--stdio", "--clientProcessId=7"]])
def test_no_input_at_all_ends_it(args: list[str]) -> None:
    done = _run(*args)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_person_at_a_terminal_is_told_what_it_waits_for() -> None:
    terminal, end = os.openpty()
    with subprocess.Popen(SERVER, stdin=end, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        os.close(end)
        assert process.stderr
        assert "--help" in process.stderr.readline()
        os.close(terminal)
        assert process.wait(10) in {0, 1}  # a terminal that is gone is an end or an error, as the system has it


def test_the_version_is_printed() -> None:
    done = _run("--version")
    assert (done.returncode, done.stdout) == (0, "sigma-ls 0.1.0\n")
