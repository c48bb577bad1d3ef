"""The language server: the only package that imports pygls and lsprotocol.

Importing it makes `lsprotocol.types` lazy and asyncio light, which has to come before anything else imports these.
"""

from sigma_ls.lsp import lazy_types, light_asyncio

light_asyncio.install()
lazy_types.install()
