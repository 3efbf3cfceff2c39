"""The stores that the contracts are tried on."""

import asyncio
from collections.abc import Iterator

import pytest

from acogida.adapters.s3 import S3Files, S3Place
from support import ceph


@pytest.fixture(scope="session")
def gateway() -> Iterator[ceph.Gateway]:
    """A real S3 server, started once for the run: the tests that ask for it are one group, so one process has it."""
    if why_not := ceph.find():
        pytest.skip(f"no real S3 here: {why_not}")
    with ceph.running() as started:
        yield started


@pytest.fixture(scope="session")
def s3_files(gateway: ceph.Gateway) -> Iterator[S3Files]:
    """Our adapter over it, with its bucket ready and browsers allowed to reach it from our site."""
    place = S3Place(gateway.endpoint, "acogida", gateway.key, gateway.secret, public_endpoint=gateway.endpoint)
    store = S3Files(place)
    assert store.prepare(origin="https://acogida.test") == set()
    yield store
    asyncio.run(store.close())
