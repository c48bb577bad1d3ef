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
#                                       ^^^^^^^^^^^ error SIG304: write 'exports.handler = …' or 'export const handler = …'
  four: {runtime: nodejs24.x, handler: deep/one.anything, code: src}
"""
    )
