"""POST /images: stores the request's body as a new image. Thumbnails are made later, by `resize`."""

import base64
import json
import os
import uuid

import boto3

MAX_BYTES = 5 * 1024 * 1024

s3 = boto3.client("s3")


def handler(event, context):
    body = event.get("body") or ""
    image = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    if not image:
        return reply(400, {"error": "The body of the request is the image, and it is empty."})
    if len(image) > MAX_BYTES:
        return reply(413, {"error": f"The image has {len(image)} bytes; {MAX_BYTES} are allowed."})

    key = uuid.uuid4().hex
    content_type = event.get("headers", {}).get("content-type", "application/octet-stream")
    s3.put_object(Bucket=os.environ["IMAGES"], Key=key, Body=image, ContentType=content_type)
    return reply(202, {"id": key})


def reply(status, body):
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
