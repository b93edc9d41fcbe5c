"""The sample dashboard, spoiled and computed anew, once for all tests."""

from __future__ import annotations

import pytest

from tests.kpi.recomputed import Recomputed, recompute


@pytest.fixture(scope="session")
def recomputed(tmp_path_factory: pytest.TempPathFactory) -> Recomputed:
    """The sample dashboard, every number of it replaced by n/a, then refreshed with reasons."""
    return recompute(tmp_path_factory.mktemp("recomputed"), "n/a")
