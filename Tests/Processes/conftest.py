"""Clusters of real processes, one for each test that asks for one."""

import os
from pathlib import Path

import pytest

from cluster import BINARY, Cluster


def pytest_configure(config):
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"{BINARY} is missing: swift build -c release --product chaticket", 2)


@pytest.fixture
def make_cluster(tmp_path: Path):
    """Makes clusters that end with the test; their logs are shown when it fails."""
    made: list[Cluster] = []

    def make(count: int, **options) -> Cluster:
        directory = tmp_path / f"cluster-{len(made) + 1}"
        directory.mkdir()
        cluster = Cluster(directory, count, **options)
        made.append(cluster)
        return cluster

    yield make
    for cluster in made:
        cluster.close()
