"""Family 1: keys and values."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code
from sigma_ls.manifest.diagnostic import Severity, Tag

WRONG_TYPE = code(
    "101",
    "Wrong type",
    "The value is not of the type that the key takes. A number in quotes is a text, and so is `yes`: YAML 1.2 knows "
    "only `true` and `false`.",
    """
functions:
  resize:
    memory: "512"
""",
)
UNKNOWN_KEY = code(
    "102",
    "Unknown key",
    "No such key is known here, so it would have no effect. The nearest known key is offered as a fix.",
    """
functions:
  resize:
    memroy: 512
""",
)
MISSING_KEY = code(
    "103",
    "Missing key",
    "A key that must be there is not. It is shown on the key that lacks it.",
    """
functions:
  resize:
    runtime: python3.13
""",
)
OTHER_PLATFORM = code(
    "104",
    "Key of the other platform",
    "This key, trigger, type or block belongs to the other platform than the one that `platform` names.",
    """
platform: gcp
aws: {region: eu-west-1}
""",
)
NOT_ALLOWED = code(
    "105",
    "Value that is not allowed",
    "The key takes one of a few words, and this is none of them.",
    """
functions:
  resize:
    architecture: arm
""",
)
OUT_OF_RANGE = code(
    "106",
    "Number outside the limits",
    "The cloud takes only numbers within limits here; the message says which.",
    """
functions:
  resize:
    memory: 64
""",
)
MALFORMED = code(
    "107",
    "Malformed text",
    "The text does not have the form that the key asks for; the message says which.",
    """
functions:
  list:
    triggers:
      - http: images
""",
)
TRIGGER_KIND = code(
    "108",
    "Not exactly one kind",
    "A trigger has exactly one key that says what triggers (`http`, `bucket`, `queue`, …), an environment value that is "
    "a mapping exactly one of `ask` and `secret`.",
    """
functions:
  list:
    triggers:
      - prefix: uploads/
""",
)
# 109 was "Not supported yet"; all that the language has for AWS can be deployed now.
LIST_LENGTH = code(
    "110",
    "Too few or too many",
    "The list has fewer or more items than the key takes.",
    """
functions:
  resize:
    uses: {images: []}
""",
)
DEPRECATED = code(
    "111",
    "About to be withdrawn",
    "The cloud has ended its support for this, or will soon. It may still work today.",
    """
gcp:
  engine: deployment-manager
""",
    Severity.WARNING,
    Tag.DEPRECATED,
)
UNKNOWN_RAW_TYPE = code(
    "112",
    "Unknown type of AWS",
    "CloudFormation had no such type when this version was made. It may be new, or misspelt.",
    """
resources:
  cache: {type: "AWS::ElastiCache::Cluster"}
""",
    Severity.WARNING,
)
NO_EFFECT = code(
    "113",
    "Without effect",
    "What is written here changes nothing: of a thing that is `existing` nothing is generated, an engine has no use for "
    "the key, or a `null` removes what is not there.",
    """
resources:
  images: {type: bucket, existing: my-images, versioned: true}
""",
    Severity.HINT,
    Tag.UNNECESSARY,
)
FILE_MISSING = code(
    "114",
    "No such file",
    "The file that `template` or `definition` names does not exist. Paths are relative to the manifest and stay inside "
    "its folder.",
    """
template: overlay.yaml
""",
)
UNKNOWN_REGION = code(
    "115",
    "Unknown region",
    "AWS had no such region when this version was made. It may be new, or misspelt.",
    """
aws: {region: eu-wst-1}
""",
    Severity.WARNING,
)
