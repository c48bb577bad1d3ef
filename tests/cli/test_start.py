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
