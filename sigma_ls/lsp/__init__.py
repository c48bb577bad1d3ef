"""The language server: the only package that imports pygls and lsprotocol.

Importing it makes `lsprotocol.types` lazy, which has to come before anything else imports that module.
"""

from sigma_ls.lsp import lazy_types

lazy_types.install()
