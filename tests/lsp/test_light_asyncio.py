"""asyncio comes without TLS to the language server, and TLS to whoever needs it afterwards."""

import subprocess
import sys

import pytest

CODE = """
import sys
import sigma_ls.lsp.serve
print(sorted({"ssl", "_ssl", "_hashlib", "http.client"} & {*sys.modules}))
import ssl, http.client
print(ssl.create_default_context().verify_mode, http.client.HTTPSConnection.default_port)
"""


def test_the_server_loads_no_tls_and_leaves_it_to_others() -> None:
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["[]", f"{2} 443"], ran.stderr


@pytest.mark.parametrize("first", ["asyncio", "ssl"])
def test_what_is_loaded_already_stays(first: str) -> None:
    code = f"import {first}, sigma_ls.lsp, asyncio, ssl; print(ssl.SSLContext.__name__, asyncio.sslproto.ssl is ssl)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == "SSLContext True\n", ran.stderr
