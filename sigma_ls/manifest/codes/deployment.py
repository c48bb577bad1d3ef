"""Family 7: what a deployment and its template said."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code

DEPLOYMENT_FAILED = code(
    "701",
    "Failed in the last deployment",
    "The cloud refused this in the last deployment; the message is its own reason. It is shown until the next "
    "deployment starts.",
    """
resources:
  images: {type: bucket, name: images}
""",
)
NO_TEMPLATE = code(
    "702",
    "No template can be made",
    "The manifest is right, but CloudFormation could not deploy what it says: something would have to exist before "
    "itself, a limit is exceeded, or a part cannot be wired. The message says what to do instead.",
    """
functions:
  one:
    environment: {OTHER: "${two.arn}"}
  two:
    environment: {OTHER: "${one.arn}"}
""",
)
CFN_LINT = code(
    "703",
    "Found by cfn-lint",
    "cfn-lint checks the generated template, and its finding is shown at the line of the manifest that the node came "
    "from; the rule's name stands at its end. The setting `cfnLint` turns this off.",
    """
resources:
  cache:
    type: AWS::ElastiCache::CacheCluster
    properties: {CacheNodeType: cache.t4g.micro, Engine: redis, NumCacheNodes: one}
""",
)
