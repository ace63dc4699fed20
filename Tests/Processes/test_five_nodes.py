"""Five nodes, of which three hold the chat; twenty clients on all of them; the owner killed five
times."""

import asyncio
import itertools
import time

from client import Client, Person, check_threads, eventually
from cluster import Cluster

CLIENTS = 20
SENDS = 5_000
KILLS = 5


def test_owner_killed_five_times(make_cluster):
    """Every acknowledged message is present once, in order, on every client."""
    cluster = make_cluster(5)
    cluster.await_spread(3)
    urls = cluster.urls
    people = []
    for index in range(CLIENTS):
        first = index % len(urls)
        people.append(Person(urls[first:] + urls[:first], cluster.codes).sign_in(f"Person {index}"))
    chat = people[0].create("crowd")
    for person in people[1:]:
        people[0].invite(chat, person)
    holders = cluster.node(1).locate(chat)["desired"]
    assert len(holders) == 3, "two of the nodes hold no replica of the chat"
    asyncio.run(talk(cluster, people, chat))


async def talk(cluster: Cluster, people: list[Person], chat: str) -> None:
    clients = [
        Client(person, chat, person.urls, f"client {index}") for index, person in enumerate(people)
    ]
    started = time.monotonic()
    for client in clients:
        client.start()

    def say(stage: int) -> None:
        """Every client gets its part of the messages, so that each kill falls into the middle of some."""
        each = SENDS // CLIENTS
        for client in clients:
            for number in range(each * stage // (KILLS + 1), each * (stage + 1) // (KILLS + 1)):
                client.say(f"{client.name} says {number}")

    def acknowledged() -> int:
        return sum(len(client.acks) for client in clients)

    for kill in range(KILLS):
        owner = await asyncio.to_thread(cluster.owner, chat)
        before = acknowledged()
        say(kill)
        await eventually(
            lambda before=before: acknowledged() >= before + 100,
            120,
            lambda: f"only {acknowledged()} of {SENDS} were acknowledged",
        )
        owner.kill()
        before = acknowledged()
        await eventually(
            lambda before=before: acknowledged() > before + 20,
            30,
            lambda: f"no failover from node {owner.number}: {acknowledged()} acknowledged",
        )
        owner.start()
        await asyncio.to_thread(owner.await_ready)
    say(KILLS)
    await asyncio.wait_for(asyncio.gather(*(client.outbox.join() for client in clients)), 180)
    seconds = time.monotonic() - started
    history = await asyncio.to_thread(people[0].history, chat)
    await eventually(
        lambda: all(client.seq == history[-1]["seq"] for client in clients),
        60,
        lambda: f"threads at {sorted({client.seq for client in clients})}, head {history[-1]['seq']}",
    )
    check_threads(clients, history)
    assert acknowledged() == SENDS
    on_holders = set(cluster.node(1).locate(chat)["desired"])
    elsewhere = [
        client for client, node in zip(clients, itertools.cycle(cluster.nodes)) if node.number not in on_holders
    ]
    assert elsewhere, "some clients began on nodes that hold no replica"
    print(f"{SENDS} messages in {seconds:.0f} s, {sum(c.connections for c in clients)} connections")
    for client in clients:
        await client.close()
