"""Runs for every file that arrives in the bucket: notes down its name, kind and size."""

import json
import os

import functions_framework
from google.cloud import storage

client = storage.Client()


@functions_framework.cloud_event
def note(event):
    uploaded = event.data
    text = json.dumps({key: uploaded[key] for key in ("name", "contentType", "size")})
    client.bucket(os.environ["NOTES"]).blob(f"{uploaded['name']}.json").upload_from_string(text, "application/json")
