"""How the emulated cloud behaves: its pace, how strict it is, and the faults that it was told to have.

One per process, set through the control endpoints (`gate`), read wherever a resource is made, changed or removed.
"""

import zlib
from dataclasses import dataclass, field

# Seconds from the start of a resource's operation to its end, shortest and longest. Guesses, not measurements: the
# order of AWS's own times, shrunk so that an application of twenty resources is up in about ten seconds and each of
# them is still seen in progress.
_USUAL = (0.4, 0.9)
_SECONDS = {
    "AWS::ApiGatewayV2::Api": (0.7, 1.1),
    "AWS::DynamoDB::Table": (2.0, 2.8),
    "AWS::IAM::Role": (1.6, 2.4),
    "AWS::Lambda::Function": (1.5, 2.3),
    "AWS::Lambda::EventSourceMapping": (1.2, 1.8),
    "AWS::RDS::DBCluster": (5.0, 7.0),
    "AWS::RDS::DBInstance": (5.0, 7.0),
    "AWS::CloudFront::Distribution": (5.0, 7.0),
    "AWS::S3::Bucket": (1.2, 1.8),
    "AWS::SQS::Queue": (0.8, 1.2),
}
# A change set waits this long in each of its two states before the final one; again a guess.
_STAGING_SECONDS = 0.3


class Fault(Exception):
    """A failure that was asked for."""


@dataclass
class Conditions:
    """`pace` is `real` (operations take time) or `instant`; `faults` maps `create:LogicalId` to a message.

    With `strict_buckets`, as on AWS, a bucket that is not empty cannot be deleted.
    """

    pace: str = "real"
    faults: "dict[str, str]" = field(default_factory=dict)
    strict_buckets: bool = True

    def seconds(self, resource_type: str, logical_id: str) -> float:
        """How long an operation on this resource takes; the same every time."""
        if self.pace == "instant":
            return 0.0
        shortest, longest = _SECONDS.get(resource_type, _USUAL)
        return shortest + (longest - shortest) * (zlib.crc32(logical_id.encode()) % 1000) / 1000

    def staging_seconds(self) -> float:
        """How long a change set waits in each of its states."""
        return 0.0 if self.pace == "instant" else _STAGING_SECONDS

    def check(self, verb: str, stack_name: str, logical_id: str) -> None:
        """Raise the fault asked for: `create:LogicalId`, or for one stack only `stack/create:LogicalId`."""
        for key in (f"{stack_name}/{verb}:{logical_id}", f"{verb}:{logical_id}"):
            if key in self.faults:
                raise Fault(self.faults[key])


CONDITIONS = Conditions()
