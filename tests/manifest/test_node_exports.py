"""Handlers of Node.js: what a module exports."""

import pytest

from sigma_ls.manifest.rules.node_exports import exported_names
from tests.support.check import check_part

MODULES = [
    ("exports.handler = async (event) => {}", {"handler"}),
    ("module.exports.handler = async (event) => {}", {"handler"}),
    ("exports.a = exports.b = void 0; if (exports.c == 1) {}", {"a", "b"}),
    ("module.exports = { handler, other: () => { return {x: 1, y: [2, 3]} }, async third(e) {}, 'fourth': 4 }", None),
    ("function handler() {}\nmodule.exports = {\n  // the one\n  handler,\n};", {"handler"}),
    ("exports = module.exports = { handler }", {"handler"}),
    ("module.exports = exports = { }; exports.handler = 1", {"handler"}),
    ('Object.defineProperty(exports, "__esModule", { value: true });\nexports.handler = handler;', None),
    ("export const handler = async (event) => {}", {"handler"}),
    ("export async function handler(event) {}", {"handler"}),
    ("export function* handler(event) {}\nexport class Other {}", {"handler", "Other"}),
    ("const handler = 1\nexport { handler, a as b, c as default }", {"handler", "b", "default"}),
    ("export { handler } from './other.mjs'", {"handler"}),
    ("export let a = 1, handler = 2", {"a", "handler"}),
    ("export default function () {}", {"default"}),
    ("export * as tools from './tools.mjs'", {"tools"}),
    ("// exports.handler = 1\n/* export const handler = 1 */\nconst s = 'exports.handler = 1'", set()),
    ("const handler = () => {}", set()),
    ("", set()),
]
EXPECTED = {3: {"handler", "other", "third", "fourth"}, 7: {"__esModule", "handler"}}


@pytest.mark.parametrize("number", range(len(MODULES)))
def test_exports_that_the_text_shows(number):
    source, names = MODULES[number]
    assert exported_names(source) == (EXPECTED[number] if names is None else names)


@pytest.mark.parametrize(
    "source",
    [
        "module.exports = require('./other')",
        "module.exports = wrap(handler)",
        "module.exports = { ...require('./other') }",
        "module.exports = { [name]: handler }",
        "__exportStar(require('./other'), exports)",
        "Object.assign(module.exports, { handler })",
        "exports[name] = handler",
        "export * from './other.mjs'",
        "export const { handler } = make()",
        "module.exports = { handler",
    ],
)
def test_exports_that_it_does_not_show(source):
    assert exported_names(source) is None


def test_handlers_that_are_not_exported():
    check_part(
        """\
#- src/app.js
exports.handler = async () => {}
#- src/web.mjs
const handler = () => {}
#- src/deep/one.cjs
module.exports = require("./two")
#- sigma.yaml
functions:
  one: {runtime: nodejs24.x, handler: app.handler, code: src}
  two: {runtime: nodejs24.x, handler: app.handle, code: src}
#                                     ^^^^^^^^^^ error SIG304: 'src/app.js' does not export 'handle': did you mean 'handler'?
  three: {runtime: nodejs24.x, handler: web.handler, code: src}
#                                       ^^^^^^^^^^^ error SIG304: write 'export const handler = …'
  four: {runtime: nodejs24.x, handler: deep/one.anything, code: src}
"""
    )


def test_what_counts_depends_on_the_kind_of_module():
    check_part(
        """\
#- src/one.mjs
exports.handler = async () => {}
#- src/two.cjs
export const handler = async () => {}
#- typed/package.json
{"name": "typed", "type": "module"}
#- typed/deep/app.js
exports.handler = async () => {}
#- typed/right.js
export const handler = async () => {}
#- common/package.json
{"type": "commonjs"}
#- common/app.js
export const handler = async () => {}
#- plain/package.json
{"name": "plain"}
#- plain/app.js
export const handler = async () => {}
#- sigma.yaml
functions:
  one: {runtime: nodejs24.x, handler: one.handler, code: src}
#                                     ^^^^^^^^^^^ error SIG304: it is an ES module, in which 'exports' has no part
  two: {runtime: nodejs24.x, handler: two.handler, code: src}
#                                     ^^^^^^^^^^^ error SIG304: it is a CommonJS module, which 'export' cannot stand in
  three: {runtime: nodejs24.x, handler: deep/app.handler, code: typed}
#                                       ^^^^^^^^^^^^^^^^ error SIG304: it is an ES module
  four: {runtime: nodejs24.x, handler: right.handler, code: typed}
  five: {runtime: nodejs24.x, handler: app.handler, code: common}
#                                      ^^^^^^^^^^^ error SIG304: it is a CommonJS module
  six: {runtime: nodejs24.x, handler: app.handler, code: plain}
"""
    )


def test_modules_of_node_js():
    check_part(
        """\
#- src/app.js
exports.api = { handler: async () => {} }
#- src/lib/index.js
exports.handler = async () => {}
#- src/web.ts
export const handler = async () => {}
#- sigma.yaml
functions:
  nested: {runtime: nodejs24.x, handler: app.api.handler, code: src}
  absent: {runtime: nodejs24.x, handler: app.web.handler, code: src}
#                                        ^^^^^^^^^^^^^^^ error SIG304: 'src/app.js' does not export 'web'
  folder: {runtime: nodejs24.x, handler: lib.handler, code: src}
  typed: {runtime: nodejs24.x, handler: web.handler, code: src}
#                                       ^^^^^^^^^^^ error SIG303: but 'src/web.ts' does: 'code' names the folder that it is compiled to
  twice: {runtime: nodejs24.x, handler: src/app.api, code: src}
#                                       ^^^^^^^^^^^ error SIG303: within 'src' it is 'app.api'
  layer: {runtime: nodejs24.x, handler: /opt/nodejs/node_modules/wrapper/handler.handler, code: src}
  package: {runtime: nodejs24.x, handler: node_modules/@acme/wrapper/handler.handler, code: src}
  outside: {runtime: nodejs24.x, handler: ../app.api, code: src}
#                                         ^^^^^^^^^^ error SIG305
"""
    )
