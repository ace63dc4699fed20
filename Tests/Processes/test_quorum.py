"""Two of three nodes gone: nothing is acknowledged, and it heals."""

import asyncio

from client import Client, Person, check_threads, eventually
from cluster import until


def test_sends_wait_without_quorum(make_cluster):
    """Sends wait, none is acknowledged, and all arrive once when one node returns."""
    cluster = make_cluster(3)
    cluster.await_spread(3)
    for node in cluster.nodes:
        until(lambda: node.command("status", "--check").returncode == 0, 20, "not settled")  # noqa: B023
    ada = Person(cluster.urls, cluster.codes).sign_in("Ada")
    chat = ada.create("tea")

    async def talk() -> None:
        survivor, *others = cluster.nodes
        client = Client(ada, chat, [survivor.url], "Ada")
        client.start()
        client.say("before")
        await asyncio.wait_for(client.outbox.join(), 30)
        for node in others:
            node.kill()
        for number in range(3):
            client.say(f"during {number}")
        # Longer than the node waits for a quorum before it says that it does not know.
        await eventually(lambda: client.errors, 20, "the node did not say that it waits")
        assert set(client.errors) <= {"unknown", "unavailable", "overloaded"}, client.errors
        checked = await asyncio.to_thread(survivor.command, "status", "--check")
        assert checked.returncode == 75 and "without leader" in checked.stderr, checked.stderr
        assert len(client.acks) == 1, "something was acknowledged by one of three"
        assert client.outbox.qsize() >= 2
        others[0].start()
        await asyncio.wait_for(client.outbox.join(), 60)
        assert len(client.acks) == 4
        others[1].start()
        await asyncio.to_thread(others[1].await_ready)
        history = await asyncio.to_thread(ada.history, chat)
        await eventually(lambda: client.seq == history[-1]["seq"], 40, "the thread is behind")
        check_threads([client], history)
        await client.close()

    asyncio.run(talk())
