"""What a command loads: `check` needs no cloud, and no table for terminals."""

import subprocess
import sys

import pytest

HEAVY = {"aws_lambda_builders", "boto3", "botocore", "cfnlint", "lsprotocol", "pygls", "rich"}
CHECK = """
import sys
from sigma_ls.__main__ import main
status = main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["check"], ["template"], ["sandbox", "status"]], ids=" ".join
)
def test_nothing_heavy_is_loaded(arguments, tmp_path):
    (tmp_path / "sigma.yaml").write_text("name: t\nplatform: aws\naws: {region: eu-west-1}\n")
    ran = subprocess.run(
        [sys.executable, "-c", CHECK, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"SIGMA_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
    )
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stderr.splitlines()[-1].split())
    assert "sigma_ls" in loaded
    assert HEAVY & loaded == set()


@pytest.mark.parametrize(
    ("arguments", "status", "says"), [(["schema"], 0, '"$schema"'), (["check", "nowhere"], 1, "nowhere")]
)
def test_a_command_that_ends_at_once_has_said_all(arguments, status, says, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "sigma_ls", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == status
    assert says in ran.stdout + ran.stderr


def test_a_reader_that_has_gone_is_no_crash(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "sigma_ls", "schema"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1
