"""Three nodes: people on different nodes, and the owner killed in the middle of a conversation."""

import asyncio

import pytest

from client import Client, Person, Refused, check_threads, eventually, message_id
from cluster import Cluster, until


@pytest.fixture
def cluster(make_cluster) -> Cluster:
    cluster = make_cluster(3)
    cluster.await_spread(3)
    return cluster


def people_of(cluster: Cluster, *names: str) -> list[Person]:
    urls = cluster.urls
    return [
        Person(urls[index % len(urls) :] + urls[: index % len(urls)], cluster.codes).sign_in(name)
        for index, name in enumerate(names)
    ]


def test_conversation(cluster: Cluster):
    """Sign-in, the two public rooms, an invitation across nodes, and the rights of the owner."""
    ada, bob, eve = people_of(cluster, "Ada", "Bob", "Eve")

    def rooms(person: Person, url: str) -> list[str]:
        return sorted(chat["name"] for chat in person.chats(url=url) if chat["kind"] == "public")

    for person, url in ((ada, cluster.urls[0]), (bob, cluster.urls[1]), (eve, cluster.urls[2])):
        # They are made by the cluster itself in its first seconds.
        until(lambda: len(rooms(person, url)) >= 2, 10, "the public rooms are missing")  # noqa: B023
        assert rooms(person, url) == ["help", "lobby"]
    lobby = next(chat["id"] for chat in ada.chats() if chat["name"] == "lobby")
    for person in (ada, bob, eve):
        with pytest.raises(Refused) as refused:
            person.persist("PATCH", f"/api/chats/{lobby}", {"name": "mine", "fullName": ""})
        assert (refused.value.status, refused.value.code) == (403, "noRight")

    chat = ada.create("tea", "The tea round")
    with pytest.raises(Refused) as refused:
        bob.get(f"/api/chats/{chat}")
    assert refused.value.status in (403, 404)
    ada.invite(chat, bob)

    async def talk() -> None:
        here = Client(ada, chat, [cluster.urls[0]], "Ada")
        there = Client(bob, chat, [cluster.urls[1]], "Bob")
        for client in (here, there):
            client.start()
        for number in range(20):
            here.say(f"Ada {number}")
            there.say(f"Bob {number}")
        await asyncio.wait_for(asyncio.gather(here.outbox.join(), there.outbox.join()), 60)
        history = ada.history(chat)
        await eventually(
            lambda: here.seq == there.seq == history[-1]["seq"], 10, "a thread is behind"
        )
        check_threads([here, there], history)
        for client in (here, there):
            await client.close()

    asyncio.run(talk())
    # Members may rename a private chat until somebody says otherwise.
    ada.ask("PUT", f"/api/chats/{chat}/permissions", {"permissions": ["send"]})
    for url in cluster.urls:
        with pytest.raises(Refused) as refused:
            bob.ask("PATCH", f"/api/chats/{chat}", {"name": "coffee", "fullName": ""}, url=url)
        assert (refused.value.status, refused.value.code) == (403, "noRight")
        with pytest.raises(Refused) as refused:
            bob.ask("DELETE", f"/api/chats/{chat}", url=url)
        assert (refused.value.status, refused.value.code) == (403, "noRight")
    with pytest.raises(Refused):
        eve.get(f"/api/chats/{chat}")


def test_invitation_reaches_open_page(cluster: Cluster):
    """Who is invited sees the chat appear in the inbox at once, on another node."""
    ada, bob = people_of(cluster, "Ada", "Bob")
    quiet = ada.create("quiet")
    ada.invite(quiet, bob)

    async def watch() -> None:
        page = Client(bob, quiet, [cluster.urls[1]], "Bob")
        page.start()
        await asyncio.wait_for(page.is_live.wait(), 15)
        chat = await asyncio.to_thread(ada.create, "tea")
        await asyncio.to_thread(ada.invite, chat, bob)
        await eventually(
            lambda: any(entry["kind"] == "chatAdded" and entry["chat"] == chat for entry in page.seen_inbox),
            10,
            lambda: f"the chat did not appear: {page.seen_inbox}",
        )
        await page.close()

    asyncio.run(watch())


def test_same_key_same_answer(cluster: Cluster):
    """A command repeated on another node, with the same key, is done once."""
    (ada,) = people_of(cluster, "Ada")
    key = message_id()
    body = {"kind": "private", "name": "once", "fullName": ""}
    made = {ada.ask("POST", "/api/chats", body, url=url, key=key)[0]["id"] for url in cluster.urls}
    assert len(made) == 1
    assert [chat["name"] for chat in ada.chats()].count("once") == 1


def test_owner_killed(cluster: Cluster):
    """kill -9 of the chat's owner in the middle: order, and every message exactly once."""
    ada, bob, eve = people_of(cluster, "Ada", "Bob", "Eve")
    chat = ada.create("tea")
    for person in (bob, eve):
        ada.invite(chat, person)

    async def talk() -> None:
        clients = [
            Client(person, chat, person.urls, name)
            for person, name in ((ada, "Ada"), (bob, "Bob"), (eve, "Eve"))
        ]
        for client in clients:
            client.start()
            for number in range(100):
                client.say(f"{client.name} {number}")
        await eventually(lambda: sum(len(client.acks) for client in clients) > 60, 60, "too slow")
        owner = await asyncio.to_thread(cluster.owner, chat)
        owner.kill()
        before = sum(len(client.acks) for client in clients)
        await eventually(
            lambda: sum(len(client.acks) for client in clients) > before + 30, 30, "no failover"
        )
        owner.start()
        await asyncio.to_thread(owner.await_ready)
        await asyncio.wait_for(asyncio.gather(*(client.outbox.join() for client in clients)), 90)
        history = await asyncio.to_thread(ada.history, chat)
        await eventually(
            lambda: all(client.seq == history[-1]["seq"] for client in clients),
            40,
            lambda: f"threads at {[client.seq for client in clients]}, head {history[-1]['seq']}",
        )
        check_threads(clients, history)
        assert all(len(client.acks) == 100 for client in clients)
        for client in clients:
            await client.close()

    asyncio.run(talk())
