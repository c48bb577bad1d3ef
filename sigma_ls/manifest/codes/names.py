"""Family 2: names and references."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code
from sigma_ls.manifest.diagnostic import Severity, Tag

UNDEFINED = code(
    "201",
    "Undefined name",
    "Nothing of this id is declared under `functions` or `resources`.",
    """
functions:
  resize:
    uses: {thumbnials: write}
""",
)
UNKNOWN_ATTRIBUTE = code(
    "202",
    "Unknown attribute",
    "Things of this type have no such attribute for `${id.attribute}`.",
    """
resources:
  images: {type: bucket}
outputs:
  Arn: {value: "${images.arm}"}
""",
)
DUPLICATE_ID = code(
    "203",
    "Id used twice",
    "Functions and resources share one namespace: references could not tell which of the two is meant.",
    """
functions:
  images: {}
resources:
  images: {type: bucket}
""",
)
CLASHING_IDS = code(
    "204",
    "Ids that clash",
    "In the deployment template ids are written in PascalCase without hyphens, and there these two are the same.",
    """
resources:
  foo-bar: {type: queue}
  fooBar: {type: queue}
""",
)
MALFORMED_REFERENCE = code(
    "205",
    "Malformed reference",
    "`${…}` takes `id.attribute`, or one of `project`, `stage`, `stack`, `region` and `account`. Write `$${` for a "
    "literal `${`.",
    """
environment:
  TABLE: ${sizes}
""",
)
WRONG_RESOURCE = code(
    "206",
    "Wrong type of resource",
    "The id is declared, but as something that cannot stand here: a bucket trigger needs a bucket.",
    """
functions:
  resize:
    triggers:
      - bucket: jobs
resources:
  jobs: {type: queue}
""",
)
UNUSED = code(
    "207",
    "Unused resource",
    "Nothing refers to this resource: no trigger, `uses`, `deadLetter`, `auth`, output or `${…}`. It is left out of the "
    "deployment, and removed from the cloud if an earlier deployment made it, unless it was kept.",
    """
resources:
  leftover: {type: queue}
""",
    Severity.HINT,
    Tag.UNNECESSARY,
)
STACK_NAME = code(
    "208",
    "Stack name that is too long",
    "CloudFormation takes at most 128 characters.",
    f"""
stack: {"very-" * 30}long
""",
)
PHYSICAL_NAME = code(
    "209",
    "Name that the service does not take",
    "Each service of AWS has rules of its own for the characters and the length of names; the message says which.",
    """
resources:
  images: {type: bucket, name: My_Images}
""",
)
SHARED_STACK = code(
    "210",
    "One stack for several stages",
    "`stack` does not hold `${stage}`, so that these stages deploy to one stack of one account and region: the second "
    "would turn the first one's things into its own. Put `${stage}` into the name, or give each stage a `profile`, "
    "`region` or `project` of its own.",
    """
stack: shop
stages: {dev: {}, prod: {}}
""",
    Severity.WARNING,
)
DEAD_LETTER = code(
    "211",
    "Dead-letter target that does not fit",
    "The dead letters of a FIFO queue go to a FIFO queue, those of a standard queue to a standard one, and a queue is not "
    "its own; a function's go to a standard queue or topic.",
    """
resources:
  jobs: {type: queue, fifo: true, deadLetter: failed}
  failed: {type: queue}
""",
)
TABLE_KEYS = code(
    "212",
    "Keys of a table that contradict each other",
    "Partition and sort key are two attributes, and an attribute that is a key of the table and of its indexes has one "
    "type.",
    """
resources:
  sizes: {type: table, partitionKey: id, sortKey: id}
""",
)
WRONG_ARN = code(
    "213",
    "ARN of something else",
    "`existing` names a thing of another service than the resource's type.",
    """
resources:
  images: {type: bucket, existing: "arn:aws:sqs:eu-west-1:123456789012:images"}
""",
)
OTHER_ENGINE = code(
    "214",
    "Type of the other engine",
    "Types of Terraform (`google_…`) are for Infrastructure Manager, those of Deployment Manager (`gcp-types/…`) for that.",
    """
platform: gcp
resources:
  images: {type: "gcp-types/storage-v1:buckets"}
""",
)
NO_STAGE = code(
    "215",
    "Stage of a project without stages",
    "`${stage}` stands for the stage that is deployed, and the manifest declares none under `stages`: it would be empty.",
    """
stack: shop-${stage}
""",
)
NAME_OF_STAGES = code(
    "216",
    "One name for several stages",
    "These stages would make a thing of the same name in one account and region, so that the second one's deployment "
    "fails. Leave `name` out, or give it in the stages.",
    """
stages: {dev: {}, prod: {}}
resources:
  orders: {type: queue, name: orders}
""",
    Severity.WARNING,
)
NOT_REPLACED = code(
    "217",
    "Reference that is not replaced",
    "References are replaced in the texts of `environment`, `outputs`, `properties`, `input` and `filter`. Any other text "
    "goes to the cloud as it is written, with `${` and all. Where it depends on the stage, give it in the stages.",
    """
functions:
  resize:
    triggers: [{bucket: images, prefix: "${stage}/"}]
""",
    Severity.WARNING,
)
