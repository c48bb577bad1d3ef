"""Answers each request with a greeting."""

import os

import functions_framework


@functions_framework.http
def hello(request):
    name = request.args.get("name", "world")
    return {"message": f"{os.environ['GREETING']}, {name}!"}
