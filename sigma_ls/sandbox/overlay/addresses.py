"""The addresses of deployed APIs and functions, as templates get them: such as answer on this machine.

ministack's are host names below 127.0.0.1, which nothing resolves.  Ours are the short paths of `gate`, good for
outputs and for the environments of functions alike.
"""

import os

import ministack.services.cloudformation.provisioners as ministack_provisioners

# By resource type: the attribute, the short path, and how the address goes on.
_ADDRESSES = {
    "AWS::ApiGatewayV2::Api": ("ApiEndpoint", "_api", ""),
    "AWS::Lambda::Url": ("FunctionUrl", "_url", "/"),
}
# The sandbox speaks no TLS.
_PLAIN = {"http": "http", "https": "http", "ws": "ws", "wss": "ws"}


def install():
    """Put all of it in place."""
    for kind, address in _ADDRESSES.items():
        handlers = ministack_provisioners._RESOURCE_HANDLERS[kind]
        for verb in ("create", "update"):
            handlers[verb] = _local(handlers[verb], *address)


def _local(ministacks, attribute, short, end):
    def handler(*args):
        physical_id, attributes = ministacks(*args)
        scheme, _, rest = attributes[attribute].partition("://")
        here = f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"
        return physical_id, {
            **attributes,
            attribute: f"{_PLAIN[scheme]}://{here}/{short}/{rest.partition('.')[0]}{end}",
        }

    return handler
