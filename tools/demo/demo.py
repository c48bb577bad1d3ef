"""`make demo`: the example deployed to the cloud on this machine, and used as its users would.

Standard library only; everything of sigma-ls is done by its own command line, as a reader would type it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "examples/thumbnailer"
SAMPLE = ROOT / EXAMPLE / "sample.jpg"
SIGMA_LS = ".venv/bin/sigma-ls"
THUMBNAIL_SECONDS = 90
"""How long to wait for the thumbnail: a first run of a function takes seconds on a slow machine; the rest is a guess."""


def main() -> int:
    """Deploy, post an image, wait for its thumbnail; the exit status."""
    started = time.monotonic()
    say(f"deploying {EXAMPLE} to the sandbox, a cloud on this machine (its first start installs it)")
    deployed = sigma_ls("deploy", EXAMPLE, "--sandbox", "--yes")
    if deployed.returncode != 0:
        return give_up(f"the deployment ended with exit status {deployed.returncode}; its reasons are above.")

    outputs = outputs_of_the_example()
    url = outputs.get("Url")
    if url is None:
        return give_up(f"the deployment has no output `Url`, only {', '.join(outputs) or 'none'}.")

    image = SAMPLE.read_bytes()
    say(f"POST {url}  ({SAMPLE.name}, {len(image)} bytes)")
    reply = call(url, image)
    print(f"    {json.dumps(reply)}")

    say(f"waiting for the thumbnail: GET {url}")
    thumbnail = wait_for(url, str(reply["id"]))
    if thumbnail is None:
        return give_up(
            f"no thumbnail of {reply['id']} after {THUMBNAIL_SECONDS} s.",
            "What the functions said is in the sandbox's log, named by: .venv/bin/sigma-ls sandbox status",
        )
    print(f"    {json.dumps(thumbnail)}")
    say(f"a thumbnail of {thumbnail['width']} x {thumbnail['height']} pixels was made, {thumbnail['bytes']} bytes")
    say(f"done in {time.monotonic() - started:.0f} s. It all still runs:")
    print_what_next(url)
    return 0


def outputs_of_the_example() -> dict[str, str]:
    """The outputs of the deployment that has just ended."""
    status = sigma_ls("status", EXAMPLE, "--json", capture=True)
    deployments: list[dict[str, Any]] = [json.loads(line) for line in status.stdout.splitlines()]
    on_sandbox = [each for each in deployments if each["sandbox"]]
    return {output["name"]: output["value"] for each in on_sandbox[:1] for output in each["outputs"]}


def wait_for(url: str, identifier: str) -> dict[str, Any] | None:
    """The row of the image, once it is there."""
    deadline = time.monotonic() + THUMBNAIL_SECONDS
    while time.monotonic() < deadline:
        for row in call(url)["images"]:
            if row["id"] == identifier:
                return dict(row)
        time.sleep(0.5)
    return None


def call(url: str, body: bytes | None = None) -> dict[str, Any]:
    """GET, or POST of an image; the JSON that was answered."""
    headers = {"content-type": "image/jpeg"} if body else {}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - our own deployment's address
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
        return dict(json.load(reply))


def sigma_ls(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command line of this folder's .venv."""
    print(f"    $ {SIGMA_LS} {' '.join(arguments)}", flush=True)
    output = subprocess.PIPE if capture else None
    return subprocess.run([str(ROOT / SIGMA_LS), *arguments], cwd=ROOT, text=True, stdout=output, check=False)


def print_what_next(url: str) -> None:
    """Commands to look further, and to stop."""
    rows = [
        ("make another thumbnail", f"curl --data-binary @{EXAMPLE}/{SAMPLE.name} -H 'content-type: image/jpeg' {url}"),
        ("list them", f"curl {url}"),
        ("what is deployed", f"{SIGMA_LS} status {EXAMPLE}"),
        ("what the cloud did", f"{SIGMA_LS} logs {EXAMPLE}"),
        ("after you changed its sigma.yaml", f"{SIGMA_LS} deploy {EXAMPLE} --sandbox"),
        ("in the editor", "make editor"),
        ("remove it, images and all", f"{SIGMA_LS} sandbox reset"),
        ("stop the cloud", f"{SIGMA_LS} sandbox stop"),
    ]
    for what, command in rows:
        print(f"    {what:<33} {command}")


def say(line: str) -> None:
    """A step of the demo."""
    print(f"\n==> {line}", flush=True)


def give_up(*lines: str) -> int:
    """Say why there is no more; the exit status."""
    print("\nerror: " + "\n       ".join(lines), file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except urllib.error.HTTPError as problem:
        sys.exit(give_up(f"{problem.url} answered {problem.code}: {problem.read().decode(errors='replace')[:500]}"))
    except (OSError, ValueError, KeyError) as problem:
        sys.exit(give_up(f"the deployed endpoint did not answer as it should: {type(problem).__name__}: {problem}"))
    except KeyboardInterrupt:
        sys.exit(130)
