from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.app import App, write_project


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A project and a cloud with nothing on it."""
    write_project(tmp_path / "project")
    app = App(tmp_path)
    yield app
    await app.deployments.close()
