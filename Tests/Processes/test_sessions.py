"""Sessions on nodes that did not open them: every way in, and out everywhere."""

import asyncio
import json
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from client import Person
from cluster import Cluster


@pytest.fixture
def cluster(make_cluster) -> Cluster:
    return make_cluster(3)


def socket_of(url: str) -> str:
    return url.replace("http", "ws", 1) + "/ws"


async def welcome(url: str, hello: dict, headers: dict[str, str]) -> dict:
    """The first frame after a hello."""
    async with connect(socket_of(url), additional_headers=headers) as socket:
        await socket.send(json.dumps({"kind": "hello", "open": [], **hello}))
        return json.loads(await asyncio.wait_for(socket.recv(), 10))


async def close_code(url: str, hello: dict | None, headers: dict[str, str]) -> tuple[int, list]:
    """How the node closes the socket, and what it sent before that."""
    received: list = []
    async with connect(socket_of(url), additional_headers=headers) as socket:
        if hello is not None:
            await socket.send(json.dumps({"kind": "hello", "open": [], **hello}))
        try:
            while True:
                received.append(await asyncio.wait_for(socket.recv(), 15))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0, received


def test_every_way_in_on_another_node(cluster: Cluster):
    """Cookie, bearer, token and ticket open a socket on a node that did not open the session."""
    person = Person(cluster.urls, cluster.codes).sign_in("Iris")
    other, third = cluster.urls[1], cluster.urls[2]

    async def ways() -> None:
        by_cookie = await welcome(other, {}, {"Cookie": f"session={person.token}"})
        by_bearer = await welcome(other, {}, {"Authorization": f"Bearer {person.token}"})
        by_token = await welcome(other, {"token": person.token}, {})
        by_ticket = await welcome(third, {"ticket": by_token["ticket"]}, {})
        for frame in (by_cookie, by_bearer, by_token, by_ticket):
            assert frame["kind"] == "welcome", frame
            assert frame["account"]["id"] == person.account
        assert "bearer" not in by_token and by_ticket["bearer"]
        # The bearer of the ticket opens HTTP on that node, and the ticket opens nothing again.
        headers = {"Authorization": f"Bearer {by_ticket['bearer']}"}
        assert person.get("/api/me", url=third, headers=headers)["id"] == person.account
        assert await close_code(other, {"ticket": by_token["ticket"]}, {}) == (4401, [])

    asyncio.run(ways())


def test_no_other_way_in(cluster: Cluster):
    """Without proof, with a wrong one, or with none in time: 4401, and nothing is sent."""
    person = Person(cluster.urls, cluster.codes).sign_in("Ivan")
    wrong = person.token[:-1] + ("0" if person.token[-1] != "0" else "1")

    async def ways() -> None:
        for hello in ({}, {"token": wrong}, {"token": "x"}, {"ticket": "x"}, None):
            assert await close_code(cluster.urls[1], hello, {}) == (4401, []), hello
        cookie = {"Cookie": f"session={wrong}"}
        assert await close_code(cluster.urls[2], {}, cookie) == (4401, [])

    asyncio.run(ways())


def test_sign_out_everywhere_closes_every_socket_within_a_second(cluster: Cluster):
    """Signed out everywhere on one node, the sockets on the two others are closed with 4401."""
    person = Person(cluster.urls, cluster.codes).sign_in("Olga")

    async def out() -> None:
        sockets = []
        for url in cluster.urls[1:]:
            socket = await connect(socket_of(url))
            await socket.send(json.dumps({"kind": "hello", "open": [], "token": person.token}))
            assert json.loads(await asyncio.wait_for(socket.recv(), 10))["kind"] == "welcome"
            sockets.append(socket)
        started = time.monotonic()
        await asyncio.to_thread(person.post, "/api/sign-out/everywhere")
        for socket in sockets:
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    await asyncio.wait_for(socket.recv(), 10)
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
        seconds = time.monotonic() - started
        print(f"closed after {seconds:.2f} s")
        # The promise is a second; a busy machine gets a few more.
        assert seconds < 5
        assert await close_code(cluster.urls[1], {"token": person.token}, {}) == (4401, [])

    asyncio.run(out())
