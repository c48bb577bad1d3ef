"""GET /images: the thumbnails made so far, with their sizes."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    rows, page = [], table.scan()
    rows += page["Items"]
    while "LastEvaluatedKey" in page:
        page = table.scan(ExclusiveStartKey=page["LastEvaluatedKey"])
        rows += page["Items"]

    images = [{"id": row["key"], **{name: int(row[name]) for name in ("width", "height", "bytes")}} for row in rows]
    images.sort(key=lambda image: image["id"])
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"images": images}),
    }
