"""Fixtures of companies in rooms of their own, on a server that a whole module uses."""

from collections.abc import AsyncIterator

import pytest_asyncio
from talking import Company, Street, company, street


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Street]:
    async with street() as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def bystanders(server: Street) -> AsyncIterator[Company]:
    """One company for the whole module."""
    async with company(server) as three:
        yield three


@pytest_asyncio.fixture
async def three(server: Street) -> AsyncIterator[Company]:
    async with company(server) as three:
        yield three


@pytest_asyncio.fixture
async def two_hosts(server: Street) -> AsyncIterator[Company]:
    """Cal may do everything that anyone may."""
    async with company(server, cal_is_host=True) as three:
        yield three
