"""Http triggers: paths that API Gateway takes, and credentials that browsers give."""

import pytest

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_part


def test_paths():
    check_part(
        """\
functions:
  list:
    runtime: python3.13
    handler: app.handler
    code: src
    triggers:
      - http: GET /images/{id}/sizes/{size}
      - http: ANY /files/{path+}
      - http: GET /{path+}/size
#             ^^^^^^^^^^^^^^^^^ error SIG418: nothing can follow it
      - http: GET /{id}/sizes/{id}
#             ^^^^^^^^^^^^^^^^^^^^ error SIG418: The parameter 'id' stands in this path twice
      - http: GET /image-{id}
#             ^^^^^^^^^^^^^^^ error SIG418: 'image-{id}' mixes text and a parameter
      - http: GET /{}
#             ^^^^^^^ error SIG418
      - http: GET /{id
#             ^^^^^^^^ error SIG418
      - http: GET /images?size=1
#             ^^^^^^^^^^^^^^^^^^ error SIG418: A path ends before '?'
"""
    )


@pytest.mark.parametrize(
    ("cors", "codes"),
    [
        ("true", []),
        ("{credentials: false}", []),
        ("{credentials: true, origins: ['https://shop.example']}", []),
        ("{credentials: true}", ["SIG421"]),
        ("{credentials: true, origins: ['https://shop.example', '*']}", ["SIG421"]),
    ],
)
def test_credentials_for_any_origin(cors, codes):
    text = f"""{SHELL}functions:
  list: {{runtime: python3.13, handler: app.handler, code: src, triggers: [{{http: GET /, cors: {cors}}}]}}
"""
    assert [each.code for each in check_text(text)] == codes
