"""Any request: a greeting, to `?name=…` or to the world."""

import os

import functions_framework


@functions_framework.http
def hello(request):
    return f"{os.environ['GREETING']}, {request.args.get('name', 'world')}!\n"
