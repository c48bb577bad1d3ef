"""Runs for every image that arrives in the bucket: makes its thumbnail and notes down the thumbnail's size.

What cannot be read as an image raises; after its retries AWS Lambda puts the event into the queue `failed`.
"""

import io
import os
from urllib.parse import unquote_plus

import boto3
from PIL import Image, ImageOps

LONGEST_SIDE = 160

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        image = s3.get_object(Bucket=bucket, Key=key)["Body"].read()

        thumbnail, (width, height) = make_thumbnail(image)
        s3.put_object(Bucket=os.environ["THUMBNAILS"], Key=key, Body=thumbnail, ContentType="image/jpeg")
        table.put_item(Item={"key": key, "width": width, "height": height, "bytes": len(thumbnail)})
        print(f"{key}: {width} x {height}, {len(thumbnail)} bytes")


def make_thumbnail(image):
    """The thumbnail as a JPEG file, and its width and height."""
    with Image.open(io.BytesIO(image)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    return out.getvalue(), upright.size
