#!/bin/sh
# Resolves requirements/*.lock anew from pyproject.toml, for every platform and Python from 3.11 on, with hashes.
# An entry stays at its version while that still fits; `UPGRADE=1` takes the newest.
set -eu
cd "$(dirname "$0")/../.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header ${UPGRADE:+--upgrade} "$@"
}

compile pyproject.toml --group dev --output-file requirements/dev.lock
# What a user runs is what the tests ran with.
compile pyproject.toml --constraints requirements/dev.lock --output-file requirements/run.lock
# `editables` is what hatchling asks for when a project is installed as it stands in its folder.
printf 'hatchling>=1.27\neditables\n' | compile - --output-file requirements/build.lock
# What the extension brings along, and what is installed on demand, is what the tests ran with, too.
compile requirements/bundle.in --constraints requirements/dev.lock --output-file requirements/bundle.lock
printf 'cfn-lint\n' | compile - --constraints requirements/dev.lock --output-file sigma_ls/app/cfn_lint.lock
printf 'aws-lambda-builders\nuv\n' | compile - --constraints requirements/dev.lock --output-file sigma_ls/build/tools.lock
# They agree on the versions of what they share: tests/test_packaging.py.
