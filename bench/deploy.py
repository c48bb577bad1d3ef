"""`make bench-deploy`: whole deployments of the example beside other deployers'; writes bench/RESULTS-deploy.md.

All deploy to one sandbox at an instant pace, each to an account of its own, so what is measured is what a tool adds to
the cloud's own time.  All start from built code: ours has its builds in the cache, the others get folders or archives.
The first round warms up and is not counted; tools take turns, and ours and the script, which are soon done, more than
one a round.  API calls are counted in a round of their own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from attrs import field, frozen

from bench.deployment import Goal
from bench.deployment import goals as engine_goals
from sigma_ls.runtime.places import environments_dir
from sigma_ls.sandbox import cloud
from tests.support.front import Front

REPOSITORY = Path(__file__).parent.parent
EXAMPLE = REPOSITORY / "examples" / "thumbnailer"
PEERS = REPOSITORY / "bench" / "deployers"
APPS = PEERS / "apps"
NODE = PEERS / "node_modules" / ".bin"
REGION = "eu-west-1"
SCRIPT = "bare boto3 script"
STACK = "thumbnailer"
FUNCTIONS = {"Upload": "upload", "Resize": "resize", "List": "list"}
STEPS = ("create", "nothing changed", "code of one function", "remove")
DEPLOYS = STEPS[:3]
TURNS = 3
MOST_OF_SCRIPT = 1.5
MOST_OF_OTHERS = 0.5
"""How many times another's wall time ours may take for a deployment."""


@frozen(eq=False)
class Tool:
    """A deployer: its commands, and how the code of a function is changed for it."""

    name: str
    deploy: tuple[str, ...]
    remove: tuple[str, ...]
    change: Callable[[Path, int], None]
    turns: int = 1
    """In each round."""
    environment: Mapping[str, str] = field(factory=dict)


@frozen
class Step:
    """What was measured of one command: wall and processor seconds, and MB of its largest process."""

    seconds: float
    busy: float
    memory: float


def change_project(folder: Path, number: int) -> None:
    """In the project itself."""
    code = folder / "src" / "upload" / "app.py"
    code.write_text(f"{code.read_text()}# {number}\n")


def change_folder(folder: Path, number: int) -> None:
    """In the folder of built code."""
    code = folder / "code" / "Upload" / "app.py"
    code.write_text(f"{code.read_text()}# {number}\n")


def change_archive(folder: Path, number: int) -> None:
    """In the archive, which is made anew before the clock runs."""
    change_folder(folder, number)
    archive(folder, "Upload")


def archive(folder: Path, name: str) -> None:
    """The archive of a folder of built code."""
    (folder / "archives").mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "archives" / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted((folder / "code" / name).rglob("*")):
            made.write(path, path.relative_to(folder / "code" / name))


def tools() -> list[Tool]:
    """Ours first, then the floor, then the others as an expert would call them."""
    python = sys.executable
    sam = str(PEERS / ".venv" / "bin" / "sam")
    sam_more = ("--stack-name", STACK, "--region", REGION)
    capabilities = ("--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")
    cdk = (str(NODE / "cdk"), "--app", "node cdk.cjs", "--no-notices", "--ci")
    return [
        Tool(
            "sigma-ls",
            (python, "-m", "sigma_ls", "deploy", "--yes"),
            (python, "-m", "sigma_ls", "undeploy", "--yes", "--allow-data-loss"),
            change_project,
            TURNS,
        ),
        Tool(
            SCRIPT,
            (python, str(APPS / "bare.py"), "deploy"),
            (python, str(APPS / "bare.py"), "remove"),
            change_archive,
            TURNS,
        ),
        Tool(
            "AWS SAM CLI",
            (
                *(sam, "deploy", "--template-file", "sam.json", "--s3-bucket", "{bucket}", "--no-confirm-changeset"),
                *("--no-fail-on-empty-changeset", *capabilities, *sam_more),
            ),
            (sam, "delete", "--no-prompts", *sam_more),
            change_folder,
            environment={"SAM_CLI_TELEMETRY": "0"},
        ),
        Tool(
            "AWS CDK",
            (*cdk, "deploy", "--require-approval", "never"),
            (*cdk, "destroy", "--force"),
            change_folder,
            environment={"NODE_PATH": str(PEERS / "node_modules"), "CDK_DISABLE_VERSION_CHECK": "1"},
        ),
        Tool(
            "osls",
            (str(NODE / "osls"), "deploy"),
            (str(NODE / "osls"), "remove"),
            change_archive,
            environment={
                "NODE_OPTIONS": f"--require {APPS / 'endpoint.cjs'}",
                "SLS_TELEMETRY_DISABLED": "1",
                "SLS_NOTIFICATIONS_MODE": "off",
            },
        ),
    ]


# --- the app ---------------------------------------------------------------------------------------------------------


def made_app(folder: Path, template: Mapping[str, Any], archives: Mapping[str, bytes]) -> None:
    """What each tool needs, in a folder of its own."""
    shutil.copytree(EXAMPLE, folder)
    (folder / "template.json").write_text(json.dumps(template))
    for name, data in archives.items():
        packed = folder / f"{name}.zip"
        packed.write_bytes(data)
        with zipfile.ZipFile(packed) as found:
            found.extractall(folder / "code" / name)
        packed.unlink()
        archive(folder, name)
    for_sam = json.loads(json.dumps(template))
    for name in FUNCTIONS:
        for_sam["Resources"][name]["Properties"]["Code"] = f"code/{name}"
    (folder / "sam.json").write_text(json.dumps(for_sam))
    for path in (APPS / "cdk.cjs", APPS / "serverless.yml"):
        shutil.copy(path, folder)


def deployed_app(place: Place) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The template and the archives that ours has deployed."""
    template = place.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
    body = dict(template if isinstance(template, dict) else json.loads(template))
    codes = {name: body["Resources"][name]["Properties"]["Code"] for name in FUNCTIONS}
    store = place.client("s3")
    bucket = artifact_bucket(place.account)
    return body, {
        name: store.get_object(Bucket=bucket, Key=code["S3Key"])["Body"].read() for name, code in codes.items()
    }


def artifact_bucket(account: str) -> str:
    """The bucket that ours makes by itself; the others get it made."""
    return f"sigma-artifacts-{account}-{REGION}"


# --- running ---------------------------------------------------------------------------------------------------------


@frozen
class Place:
    """Where one tool deploys to: an account of the sandbox."""

    url: str
    account: str
    secret: str
    home: Path

    def environment(self, tool: Tool, url: str) -> dict[str, str]:
        """What the tool's process gets: nothing that leads to a real account."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SIGMA_", "GOOGLE_"))}
        # Python's programs as they are installed: with their modules compiled.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        return {
            **kept,
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SIGMA_HOME": str(self.home),
            "PYTHONPATH": str(REPOSITORY),
            "BENCH_STACK": STACK,
            "BENCH_BUCKET": artifact_bucket(self.account),
            "BENCH_ACCOUNT": self.account,
            **tool.environment,
        }

    def client(self, service: str) -> Any:
        """A client of our own, for looking."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            aws_access_key_id=self.account,
            aws_secret_access_key=self.secret,
            region_name=REGION,
        )


def ran(tool: Tool, command: Sequence[str], place: Place, folder: Path, url: str) -> Step:
    """Run one command to its end; one that fails ends the benchmark."""
    bucket = artifact_bucket(place.account)
    began = time.perf_counter()
    process = subprocess.Popen(
        [part.replace("{bucket}", bucket) for part in command],
        cwd=folder,
        env=place.environment(tool, url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout
    said = process.stdout.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode != 0:
        raise SystemExit(f"{tool.name}: {' '.join(command)} ended with {process.returncode}:\n{said[-4000:]}")
    return Step(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def rounds(tool: Tool, place: Place, folder: Path, number: int) -> Iterator[tuple[str, Callable[[str], Step]]]:
    """The steps of one round: each is called with the address to use."""
    yield STEPS[0], lambda url: ran(tool, tool.deploy, place, folder, url)
    yield STEPS[1], lambda url: ran(tool, tool.deploy, place, folder, url)
    tool.change(folder, number)
    yield STEPS[2], lambda url: ran(tool, tool.deploy, place, folder, url)
    yield STEPS[3], lambda url: ran(tool, tool.remove, place, folder, url)


@frozen
class Figures:
    """Of one tool, by step: the measured commands, and the calls of one more."""

    steps: Mapping[str, Sequence[Step]]
    calls: Mapping[str, Sequence[str]]

    def seconds(self, step: str) -> float:
        """The median."""
        return statistics.median(each.seconds for each in self.steps[step])

    def busy(self, step: str) -> float:
        """The median processor seconds."""
        return statistics.median(each.busy for each in self.steps[step])

    @property
    def memory(self) -> float:
        """The largest."""
        return max(each.memory for steps in self.steps.values() for each in steps)


def measured(rivals: Mapping[Tool, tuple[Place, Path]], counted: int) -> dict[str, Figures]:
    """All rounds; tools take turns, so that all meet the same machine.  The first round warms up, the last counts calls."""
    steps: dict[str, dict[str, list[Step]]] = {tool.name: {step: [] for step in STEPS} for tool in rivals}
    calls: dict[str, dict[str, list[str]]] = {tool.name: {} for tool in rivals}
    turns = [(number, turn) for number in range(counted + 1) for turn in range(TURNS)]
    for number, turn in turns:
        for tool, (place, folder) in rivals.items():
            for step, run in rounds(tool, place, folder, TURNS * number + turn) if turn < tool.turns else ():
                done = run(place.url)
                print(
                    f"{tool.name:<18} {'warm-up' if number == 0 else number:<8} {step:<21} {done.seconds:6.2f} s",
                    flush=True,
                )
                if number:
                    steps[tool.name][step].append(done)
    for tool, (place, folder) in rivals.items():
        front = Front(place.url)
        with front.running():
            for step, run in rounds(tool, place, folder, TURNS * (counted + 1)):
                front.calls.clear()
                run(front.url)
                calls[tool.name][step] = list(front.calls)
    return {name: Figures(steps[name], calls[name]) for name in steps}


# --- the report ------------------------------------------------------------------------------------------------------


def targets(figures: Mapping[str, Figures]) -> Iterator[Goal]:
    """What ours is to be beside the others."""
    ours, *others = figures
    for other in others:
        most = MOST_OF_SCRIPT if other == SCRIPT else MOST_OF_OTHERS
        for step in DEPLOYS:
            part = figures[ours].seconds(step) / figures[other].seconds(step)
            yield Goal(f"deploy, {step}: wall time", f"≤ {most:g} × {other}", f"{part:.2f} ×", part <= most)


def report(figures: Mapping[str, Figures], goals: Sequence[Goal]) -> str:
    """The results in Markdown; `goals` are those of the engine."""
    names = list(figures)
    ours = figures[names[0]]
    lines = [
        "# Whole deployments, beside other deployers",
        "",
        "Written by `make bench-deploy`; see `bench/deploy.py` for how it is measured.",
        (
            f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
            f"{_versions()}."
        ),
        "",
        "## Targets",
        "",
        "| | target | measured | met |",
        "|---|---|---|---|",
        *(
            f"| {each.figure} | {each.wanted} | {each.there} | {'yes' if each.met else '**no**'} |"
            for each in (*targets(figures), *goals)
        ),
        "",
        (
            "At the sandbox's *instant* pace resources take no time at all, so that 500 of them are half a second of nothing "
            "but computing; *real* is its usual pace. The script looks at its stack at once, then every 0.3 s; ours at "
            "once, after 0.1 s, and then ever less often."
        ),
        "",
        "## Whole commands",
        "",
        "Wall seconds of a whole command for `examples/thumbnailer`, median; in brackets how often ours fits in.",
        "",
        f"| | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for step in STEPS:
        mine = ours.seconds(step)
        cells = [
            f"{figures[name].seconds(step):.2f}"
            + (f" ({figures[name].seconds(step) / mine:.1f}×)" if name != names[0] else "")
            for name in names
        ]
        lines.append(f"| {step} | {' | '.join(cells)} |")
    lines += [
        f"| {step}, processor seconds | {' | '.join(f'{figures[name].busy(step):.2f}' for name in names)} |"
        for step in STEPS
    ]
    lines += [
        f"| largest process, MB | {' | '.join(f'{figures[name].memory:.0f}' for name in names)} |",
        f"| runs | {' | '.join(str(len(figures[name].steps[STEPS[0]])) for name in names)} |",
        "",
        "API calls of the same commands, polls included:",
        "",
        f"| | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for step in STEPS:
        lines.append(f"| {step} | {' | '.join(str(len(figures[name].calls[step])) for name in names)} |")
    lines += ["", "Ours, call by call:", ""]
    lines += [f"- {step}: {', '.join(ours.calls[step])}" for step in STEPS]
    return "\n".join(lines) + "\n"


def _versions() -> str:
    found = {
        name: json.loads((PEERS / "node_modules" / name / "package.json").read_text())["version"]
        for name in ("aws-cdk", "osls")
    }
    sam = subprocess.run([PEERS / ".venv" / "bin" / "sam", "--version"], capture_output=True, text=True, check=True)
    return f"{sam.stdout.strip().replace(', version', '')}, CDK {found['aws-cdk']}, osls {found['osls']}"


@contextlib.contextmanager
def sandbox(home: Path) -> Iterator[cloud.Endpoint]:
    """A sandbox of its own, at an instant pace."""
    os.environ["SIGMA_ENVIRONMENTS"] = str(environments_dir())
    os.environ["SIGMA_HOME"] = str(home)
    try:
        yield cloud.ensure_running(report=lambda _: None, pace="instant")
    finally:
        cloud.stop()


def main() -> None:
    """Measure, print, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="measure these tools alone, and write nothing")
    parser.add_argument("--rounds", type=int, default=3, help="counted rounds")
    options = parser.parse_args()
    of_engine = [] if options.only else engine_goals()
    with tempfile.TemporaryDirectory() as name, sandbox(Path(name) / "home") as endpoint:
        root = Path(name)
        all_tools = tools()
        first = Place(endpoint.url, "100000000000", endpoint.secret_key, root / "home")
        shutil.copytree(EXAMPLE, root / "first")
        ran(all_tools[0], all_tools[0].deploy, first, root / "first", endpoint.url)
        template, archives = deployed_app(first)
        rivals: dict[Tool, tuple[Place, Path]] = {}
        for number, tool in enumerate(all_tools, 1):
            if options.only and tool.name not in options.only:
                continue
            place = Place(endpoint.url, f"{100000000000 + number}", endpoint.secret_key, root / "home")
            place.client("s3").create_bucket(
                Bucket=artifact_bucket(place.account), CreateBucketConfiguration={"LocationConstraint": REGION}
            )
            rivals[tool] = place, root / tool.name.replace(" ", "-")
            made_app(rivals[tool][1], template, archives)
        figures = measured(rivals, options.rounds)
    if options.only:
        for name, each in figures.items():
            for step in STEPS:
                print(f"{name:<18} {step:<21} {each.seconds(step):6.2f} s, {each.busy(step):.2f} s of a processor")
        return
    text = report(figures, of_engine)
    print(text)
    (REPOSITORY / "bench" / "RESULTS-deploy.md").write_text(text)


if __name__ == "__main__":
    main()
