"""Ten thousand random operations of five devices while nodes die: then every badge is what counting says. Kills nodes,
so it runs with the last."""

import json
import secrets

import pytest
from playwright.sync_api import Page, expect

from conftest import Killer, Person, read_cluster
from stage import Stage

OPERATIONS = 10_000
ROOMS = 3

#: Has a page do random things over a socket of its own, one after the other, each until it is acknowledged. A node
#: takes 50 frames a second of a socket.
OPERATE = """({ chats, count, seed }) => {
    let state = seed;
    const random = (below) => {
        state = Math.imul(state ^ (state >>> 15), 1 | state) + 0x6d2b79f5 | 0;
        return (state >>> 0) % below;
    };
    const sent = Object.fromEntries(chats.map((chat) => [chat, { head: 0, mine: [] }]));
    const newID = () => {
        const time = Date.now().toString(16).padStart(12, "0");
        return `${time}7000${crypto.randomUUID().replaceAll("-", "").slice(16)}`;
    };
    const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    let answers = new Map();

    function connect() {
        return new Promise((resolve) => {
            const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
            socket.onopen = () => socket.send(JSON.stringify({ kind: "hello", open: [] }));
            socket.onmessage = ({ data }) => {
                const frame = JSON.parse(data);
                if (frame.kind === "live") resolve(socket);
                else if (frame.cmid !== undefined) answers.get(frame.cmid)?.(frame);
            };
            socket.onclose = () => {
                resolve(null);
                for (const answer of answers.values()) answer(null);
            };
        });
    }

    const log = { done: 0, refused: {}, connections: 0, error: null };
    window.operations = log;
    async function run() {
        let socket = null;
        async function acknowledged(frame) {
            for (;;) {
                while (socket?.readyState !== WebSocket.OPEN) {
                    socket = await connect();
                    log.connections += 1;
                    if (socket === null) await wait(200);
                }
                const answer = await new Promise((resolve) => {
                    answers.set(frame.cmid, resolve);
                    socket.send(JSON.stringify(frame));
                });
                answers.delete(frame.cmid);
                if (answer?.kind === "ack") return answer;
                if (answer !== null && !answer.retryable) {
                    log.refused[answer.code] = (log.refused[answer.code] ?? 0) + 1;
                    return null;
                }
                await wait(answer?.retryAfter ?? 100);
            }
        }
        while (log.done < count) {
            const chat = chats[random(chats.length)];
            const place = sent[chat];
            const choice = random(100);
            const target = place.mine.length > 0 ? place.mine[random(place.mine.length)] : 0;
            if (choice < 20 && place.head > 0 && socket?.readyState === WebSocket.OPEN) {
                socket.send(JSON.stringify({ kind: "mark", chat, n: 1 + random(place.head) }));
            } else if (choice < 35 && target > 0) {
                await acknowledged({ kind: "edit", cmid: newID(), chat, target, text: `edited ${log.done}` });
            } else if (choice < 50 && target > 0) {
                await acknowledged({ kind: "deleteMessage", cmid: newID(), chat, target });
            } else {
                const ack = await acknowledged({ kind: "send", cmid: newID(), chat, text: `message ${log.done}` });
                place.mine.push(ack.seq);
                place.head = Math.max(place.head, ack.n);
            }
            log.done += 1;
            await wait(22);
        }
        socket?.close();
    }
    run().catch((error) => { log.error = String(error); });
}"""

#: What counting says: of each chat the texts of others above the account's mark.
RECOUNT = """async ({ chats }) => {
    const ask = async (path) => (await fetch(path)).json();
    const me = (await ask("/api/me")).id;
    const counts = {};
    for (const chat of chats) {
        const mark = (await ask("/api/chats")).chats.find(({ id }) => id === chat).mark;
        let [after, head] = [0, 1];
        counts[chat] = 0;
        while (after < head) {
            const page = await ask(`/api/chats/${chat}/entries?after=${after}&limit=100`);
            head = page.head.seq;
            after = page.entries.at(-1).seq;
            counts[chat] += page.entries.filter(({ kind, n, from }) => kind === "text" && n > mark && from !== me).length;
        }
    }
    return counts;
}"""


def badges(page: Page, chats: list[str]) -> dict[str, int]:
    """What the list of chats shows."""
    found = {}
    for chat in chats:
        badge = page.locator(f"[data-testid=chat-row][data-chat='{chat}']").get_by_test_id("unread")
        found[chat] = int(badge.inner_text().replace(",", "")) if badge.count() > 0 else 0
    return found


def in_the_list(person: Person) -> Person:
    """The person looks at the list, and reads nothing."""
    person.page.goto(f"{person.url}/#/")
    person.expect_live()
    return person


def test_after_ten_thousand_operations_and_three_deaths_every_badge_is_what_counting_says(
    stage: Stage, killer: Killer
):
    nodes = read_cluster()["nodes"]
    if len(nodes) < 3:
        pytest.skip("the story is of three nodes")
    mary = stage.mary
    chats = []
    for number in range(ROOMS):
        name = f"Badges {number} {secrets.token_hex(3)}"
        mary.create(name, "Counted")
        for person in (stage.niels, stage.olga):
            mary.invite(f"@{person.username}", person.name)
        chats.append(mary.chat(name).get_attribute("data-chat") or "")
    people = [mary, stage.niels, stage.olga]
    devices = [in_the_list(one) for one in [*people, stage.visit(mary), stage.visit(stage.niels)]]
    for device in devices:
        task = {"chats": chats, "count": OPERATIONS // len(devices), "seed": 1 + secrets.randbelow(1 << 30)}
        print(json.dumps(task))
        device.page.evaluate(OPERATE, task)

    def done() -> list[int]:
        logs = [device.page.evaluate("() => window.operations") for device in devices]
        assert all(log["error"] is None for log in logs), logs
        return [log["done"] for log in logs]

    for victim in nodes:
        before = sum(done())
        devices[0].page.wait_for_timeout(4_000)
        assert sum(done()) > before, "nothing happens although all nodes are there"
        killer.kill(victim)
        devices[0].page.wait_for_timeout(3_000)
        killer.start(victim)
        killer.start_all()
    for device in devices:
        device.page.wait_for_function(
            f"() => window.operations.done >= {OPERATIONS // len(devices)} || window.operations.error !== null",
            timeout=240_000,
        )
    done()
    logs = [device.page.evaluate("() => window.operations") for device in devices]
    print(json.dumps(logs))
    assert sum(log["connections"] for log in logs) > len(devices), "no death was noticed"
    # What comes too late is refused for good reasons alone.
    assert {code for log in logs for code in log["refused"]} <= {"messageDeleted"}

    for device in devices:
        device.expect_live()
        counted = device.page.evaluate(RECOUNT, {"chats": chats})
        print(device.name, counted)
        for chat, count in counted.items():
            badge = device.page.locator(f"[data-testid=chat-row][data-chat='{chat}']").get_by_test_id("unread")
            if count > 0:
                expect(badge).to_have_text(f"{count:,}")
            else:
                expect(badge).to_have_count(0)
        assert badges(device.page, chats) == counted
    assert sum(badges(devices[0].page, chats).values()) > 0, "nothing is unread, so nothing was counted"
