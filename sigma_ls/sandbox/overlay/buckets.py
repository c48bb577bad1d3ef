"""Deleting a bucket that still holds something: refused as by S3, unless the sandbox was told not to be strict about it.

ministack forgets such a bucket together with what it holds.
"""

import ministack.services.cloudformation.provisioners as ministack_provisioners
import ministack.services.s3 as ministack_s3
from ministack.core.responses import new_uuid

from .conditions import CONDITIONS

_HANDLERS = ministack_provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
_ministacks_delete = _HANDLERS["delete"]


def install():
    """Put it in place."""
    _HANDLERS["delete"] = _delete


def _delete(physical_id, props):
    if CONDITIONS.strict_buckets:
        versions = ministack_s3._bucket_has_versions(physical_id)
        if versions or ministack_s3._buckets.get(physical_id, {}).get("objects"):
            more = ". You must delete all versions in the bucket." if versions else ""
            raise ValueError(
                f"The bucket you tried to delete is not empty{more} (Service: S3, Status Code: 409, "
                f"Request ID: {new_uuid()})"
            )
    _ministacks_delete(physical_id, props)
