"""One process drives a stack's deployments; when it is gone, however, the next one may."""

from __future__ import annotations

import signal
import subprocess
import sys

from sigma_ls.app import lease


def test_only_one_holds_it(tmp_path):
    path = tmp_path / "stack" / "lease"
    first = lease.take(path)
    assert first is not None
    assert lease.take(path) is None
    first.release()
    first.release()

    again = lease.take(path)
    assert again is not None
    again.release()


def test_it_says_who_holds_it(tmp_path):
    assert lease.holder(tmp_path / "lease") is None
    held = lease.take(tmp_path / "lease")
    assert held is not None
    assert isinstance(lease.holder(tmp_path / "lease"), int)
    held.release()


def test_a_killed_process_holds_nothing(tmp_path):
    path = tmp_path / "lease"
    code = f"import time, pathlib\nfrom sigma_ls.app import lease\nheld = lease.take(pathlib.Path({str(path)!r}))\nprint('held', flush=True)\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert lease.take(path) is None
        assert lease.holder(path) == process.pid
        process.send_signal(signal.SIGKILL)
        process.wait()
    taken = lease.take(path)
    assert taken is not None
    taken.release()
