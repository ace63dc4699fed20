"""Badges: what every device shows is what counting says, whatever died meanwhile."""

import asyncio
import random

from badges import Device, recount
from client import Person, eventually
from cluster import Cluster

OPERATIONS = 10_000
DEVICES = 5
KILLS = 6
SEED = 11


def test_after_ten_thousand_operations_of_five_devices_every_badge_is_a_recount(make_cluster):
    """Two accounts, three devices of one and two of the other, four chats, kill -9 of nodes now and then."""
    cluster: Cluster = make_cluster(3)
    cluster.await_spread(3)
    urls = cluster.urls
    ada, bob = (Person(urls[index:] + urls[:index], cluster.codes).sign_in(name) for index, name in enumerate(["Ada", "Bob"]))
    chats = [ada.create(f"chat {number}") for number in range(4)]
    for chat in chats:
        ada.invite(chat, bob)

    async def run() -> None:
        devices = [
            Device(ada if number < 3 else bob, chats, urls[number % 3 :] + urls[: number % 3], SEED + number)
            for number in range(DEVICES)
        ]
        for device in devices:
            device.start()
        acts = [asyncio.create_task(device.act(OPERATIONS // DEVICES)) for device in devices]
        kills = asyncio.create_task(kill(cluster, devices))
        await asyncio.wait_for(asyncio.gather(*acts), 540)
        await kills
        assert sum(device.done for device in devices) == OPERATIONS
        # An id that two devices of one account delete is acknowledged to both; nothing else may be refused.
        assert not [code for device in devices for code in device.refused]
        histories = {chat: await asyncio.to_thread(ada.history, chat) for chat in chats}
        for person in (ada, bob):
            listed = {chat["id"]: chat for chat in (await asyncio.to_thread(person.persist, "GET", "/api/chats"))["chats"]}
            kept = (await asyncio.to_thread(person.persist, "GET", "/api/settings"))["settings"]
            settings = {one["chat"]: one for one in kept}
            for chat in chats:
                unread = recount(histories[chat], listed[chat]["mark"])
                assert listed[chat]["unread"] == unread
                one = settings.get(chat, {})
                expected = (unread, one.get("isUnread", False), one.get("mutedUntil", 0))
                for device in devices:
                    if device.person is person:
                        await eventually(
                            lambda d=device, c=chat, e=expected: d.badge(c) == e,
                            30,
                            lambda d=device, c=chat, e=expected: f"a badge is {d.badge(c)} and not {e}",
                        )
        for device in devices:
            device.check()
            await device.close()

    asyncio.run(run())


async def kill(cluster: Cluster, devices: list[Device]) -> None:
    """Kills a node after each seventh of the operations, and starts it again; a majority is always there."""
    draw = random.Random(SEED)
    for number in range(1, KILLS + 1):
        due = number * OPERATIONS // (KILLS + 1)
        await eventually(lambda d=due: sum(device.done for device in devices) >= d, 500, "the devices stand still")
        for device in devices:
            device.check()
        node = draw.choice(cluster.nodes)
        node.kill()
        await asyncio.sleep(draw.uniform(1, 3))
        node.start()
        await asyncio.to_thread(node.await_ready)
