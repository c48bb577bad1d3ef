"""The registry of codes, its page, and that each code is raised by a test, and by its own example."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sigma_ls.manifest import check_text, codes
from sigma_ls.manifest.codes import CODES, FAMILIES
from sigma_ls.manifest.diagnostic import DOCUMENTATION
from tests.support.check import FakeFiles

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/diagnostics.md"
TESTS = sorted(Path(__file__).parent.glob("test_*.py"))

ELSEWHERE = {
    "SIG701": "sigma_ls/lsp/failures.py",
    "SIG702": "sigma_ls/app/template_findings.py",
    "SIG703": "sigma_ls/app/template_findings.py",
}
"""Codes that no manifest raises by itself, with what raises them."""

ALIASES = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['x'])}]" for n in range(7))

EXAMPLES = {
    "SIG007": ALIASES,
    "SIG307": "functions:\n  one: {runtime: python3.11, handler: app.handler, code: broken}\n",
    "SIG008": "template: " + "[" * 200,
    "SIG010": None,
    "SIG311": f"environment:\n  TEXT: {'x' * 5000}\n",
    "SIG601": None,
    "SIG701": None,
    "SIG702": None,
    "SIG703": None,
}
"""Codes whose example is shortened, or that need more than a text."""

FILES = FakeFiles(
    {
        "src/app.py": "def handler(event, context):\n    pass\n",
        "src/main.py": "def hello(request):\n    pass\n",
        "broken/app.py": "def handler(",
    }
)

RIGHT = {
    "SIG001": ('"shop', '"shop"'),
    "SIG002": ("\tresize: {}", "  resize:"),
    "SIG003": ("  jobs", "    jobs"),
    "SIG004": ("name: store", "version: 1"),
    "SIG005": ("\0", "-"),
    "SIG006": ("environment: *defaults", "template: &defaults {}\nenvironment: *defaults"),
    "SIG007": (None, "template:\n  a: &a [x, x, x]\n  b: &b [*a, *a, *a]\n  c: [*b, *b, *b]\n"),
    "SIG008": (None, f"template: {'{a: ' * 90}{'}' * 90}"),
    "SIG009": ("---\nname: store", "..."),
    "SIG101": ('"512"', "512"),
    "SIG102": ("memroy", "memory"),
    "SIG103": ("runtime: python3.13", "runtime: python3.13\n    handler: app.handler\n    code: src"),
    "SIG104": ("aws: {region: eu-west-1}", ""),
    "SIG105": ("arm", "arm64"),
    "SIG106": ("64", "128"),
    "SIG107": ("images", "GET /images"),
    "SIG108": ("prefix: uploads/", "http: default"),
    "SIG110": ("images: []", "resize: [invoke]"),
    "SIG111": (None, "platform: gcp\ngcp: {project: my-project, region: europe-west1, serviceAccount: a@b}\n"),
    "SIG112": ("Cluster", "CacheCluster"),
    "SIG113": (", versioned: true", ""),
    "SIG114": ("overlay.yaml", "src/app.py"),
    "SIG115": ("wst", "west"),
    "SIG201": ("thumbnials: write", "resize: invoke"),
    "SIG202": ("images.arm", "images.arn"),
    "SIG203": (None, "functions:\n  resize:\nresources:\n  images: {type: bucket}\n"),
    "SIG204": ("fooBar", "barFoo"),
    "SIG205": ("environment:\n  TABLE: ${sizes}", "environment:\n  TABLE: ${project} $${sizes}"),
    "SIG206": ("bucket: jobs", "queue: jobs"),
    "SIG207": (": {type: queue}", ": {type: queue}\noutputs:\n  Url: {value: '${leftover.url}'}"),
    "SIG208": ("very-" * 20, ""),
    "SIG209": ("My_Images", "my-images"),
    "SIG210": ("shop", "shop-${stage}"),
    "SIG211": ("failed: {type: queue}", "failed: {type: queue, fifo: true}"),
    "SIG212": ("sortKey: id", "sortKey: at"),
    "SIG213": ("arn:aws:sqs:eu-west-1:123456789012:images", "arn:aws:s3:::images"),
    "SIG214": ('"gcp-types/storage-v1:buckets"', "google_storage_bucket"),
    "SIG215": ("stack: shop-${stage}", "stack: shop-${stage}\nstages: {dev: {}}"),
    "SIG216": (", name: orders", ""),
    "SIG217": ('${stage}/"}]', 'uploads/"}]\nresources:\n  images: {type: bucket}'),
    "SIG301": ("src/reszie", "src"),
    "SIG302": ("../shared", "./src"),
    "SIG303": ("ap.handler", "app.handler"),
    "SIG304": ("app.handle", "app.handler"),
    "SIG305": ("handler: handler", "handler: app.handler"),
    "SIG306": ("python3.31", "python3.13"),
    "SIG307": ("broken", "src"),
    "SIG308": ("AWS_REGION", "REGION"),
    "SIG309": ("python3.9", "python3.13"),
    "SIG310": ("python3.6", "python3.13"),
    "SIG311": (None, f"environment:\n  TEXT: {'x' * 4_000}\n"),
    "SIG312": ("src/app.py", "src"),
    "SIG313": ("tools:2", "more:2"),
    "SIG314": ("maxInstances: 2", "maxInstances: 5, triggers: [http: default]"),
    "SIG401": ("GET /a/{name}", "POST /a/{name}"),
    "SIG402": ("visibilityTimeout: 30", "visibilityTimeout: 60"),
    "SIG403": ("uses: {images: write}", "uses: {images: read}\nresources:\n  images: {type: bucket}"),
    "SIG404": ("batch: 100", "batch: 100, window: 1"),
    "SIG405": ("batch: 100, window: 5", "batch: 10"),
    "SIG406": (", existing: eu-west-1_AbCdEfGhI", ""),
    "SIG407": ("code: src", "code: src, triggers: [http: default]"),
    "SIG408": ("type: userPool", "type: userPool, clients: {web: {}}"),
    "SIG409": (", existing: my-images", ""),
    "SIG410": (", fifo: true", ""),
    "SIG411": ("1 minutes", "1 minute"),
    "SIG412": ("Berln", "Berlin"),
    "SIG413": ("[bucket: images]", "[{bucket: images, suffix: .png}]"),
    "SIG414": (
        "two:\n    triggers: [{userPool: users, on: preSignUp",
        "two:\n    triggers: [{userPool: users, on: customMessage",
    ),
    "SIG415": ("three:\n    triggers: [logs: /shop]", "three:\n    triggers: [logs: /store]"),
    "SIG416": (", window: 5", ""),
    "SIG417": ("queue: jobs, queue: jobs]", "queue: jobs]\nresources:\n  jobs: {type: queue}"),
    "SIG418": ("/{rest+}/images", "/images/{rest+}"),
    "SIG419": ("{kind: image}}}]", "{kind: [image]}}}]\nresources:\n  jobs: {type: queue}"),
    "SIG420": ('"*.jpg"}]', ".jpg}]\nresources:\n  images: {type: bucket}"),
    "SIG421": ("credentials: true", 'credentials: true, origins: ["https://shop.example"]'),
    "SIG501": ("jobs: write", "jobs: send"),
    "SIG502": ('Action: "s3:GetObject"', 'Action: "s3:GetObject", Resource: "arn:aws:s3:::images/*"'),
    "SIG503": ('GetObject, Resource: "*"', '"s3:GetObject", Resource: "arn:aws:s3:::images/*"'),
    "SIG504": ("ReadObject", "GetObject"),
    "SIG505": ('"*"', '"arn:aws:s3:::images/*"'),
}
"""What puts each example right: a part of it and what takes its place, or another text."""

RIGHT_ELSEWHERE = {
    "SIG010": (Path("../lsp/test_workspace.py"), "test_the_shorter_name_beside_the_longer_one"),
    "SIG601": (Path("test_stages.py"), "test_merging"),
    "SIG701": (Path("../lsp/test_failures.py"), "test_it_is_shown_beside_what_the_analysis_says"),
    "SIG702": (Path("../lsp/test_linting.py"), "test_an_edit_takes_the_finding_away"),
    "SIG703": (Path("../lsp/test_linting.py"), "test_an_edit_takes_the_finding_away"),
}
"""Codes that no text alone has or has not, with the tests that show them silent."""

SHELL = {"name": "demo", "platform": "aws", "aws": "{region: eu-west-1}"}
FUNCTION = {"runtime": "python3.13", "handler": "app.handler", "code": "src"}


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_raised_by_a_test(code):
    name = next(name for name, each in vars(codes).items() if each is CODES[code])
    paths = [ROOT / ELSEWHERE[code]] if code in ELSEWHERE else [path for path in TESTS if path != Path(__file__)]
    assert any(re.search(rf"\b({code}|{name})\b", path.read_text()) for path in paths)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.id)
def test_each_code_is_documented(code):
    assert re.fullmatch(r"SIG\d{3}", code.id)
    assert code.id[3] in FAMILIES
    assert code.title
    assert code.text.endswith(".")
    assert code.example
    assert code.href == f"{DOCUMENTATION}#{code.id.lower()}"
    assert f'<a id="{code.id.lower()}"></a>{code.id}: {code.title}' in PAGE.read_text()


def test_the_page_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/gen_diagnostics.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", [code for code in CODES if EXAMPLES.get(code, "") is not None])
def test_each_example_has_what_it_is_an_example_of(code):
    text = EXAMPLES.get(code) or CODES[code].example
    assert any(code in codes_of(shown) for shown in (text, with_shell(text), whole(text)))


@pytest.mark.parametrize("code", RIGHT)
def test_each_example_put_right_has_nothing_wrong(code):
    old, new = RIGHT[code]
    example = EXAMPLES.get(code) or CODES[code].example
    assert old is None or old in example
    text = new if old is None else example.replace(old, new)
    # Examples are parts: who uses what they declare is not shown.
    assert codes_of(whole(text)) - ({"SIG207"} - {code}) == set()


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_silent_on_what_is_right(code):
    if code in RIGHT:
        return
    path, name = RIGHT_ELSEWHERE[code]
    assert re.search(rf"^(async )?def {name}\(", (Path(__file__).parent / path).read_text(), re.MULTILINE)


def codes_of(text):
    return {each.code for each in check_text(text, FILES)}


def with_shell(text):
    """Shown in parts: what the part leaves out is there."""
    gcp = "platform: gcp" in text
    shell = SHELL | ({"gcp": "{project: my-project, region: europe-west1, serviceAccount: a@b}"} if gcp else {})
    if gcp:
        del shell["aws"]
    missing = [f"{key}: {value}" for key, value in shell.items() if not re.search(rf"^{key}:", text, re.MULTILINE)]
    return "\n".join([*missing, text])


def whole(text):
    """The same, and each function has the keys that it must have."""
    return "\n".join(completed(with_shell(text).split("\n")))


def completed(lines):
    """The lines with each function given the keys that it must have."""
    result = []
    for number, line in enumerate(lines):
        result.append(line)
        if re.fullmatch(r"  [\w-]+:", line) and "functions:" in lines[:number]:
            rest = "\n".join(lines[number + 1 :])
            result += [f"    {key}: {value}" for key, value in FUNCTION.items() if f"    {key}:" not in rest]
    return result
