"""A node that comes back elsewhere is found by all without an edit anywhere."""

import time

from cluster import free_port, until


def test_other_ports(make_cluster):
    """Restarted on other ports, a node is reached again by all within 5 s."""
    cluster = make_cluster(3)
    cluster.await_spread(3)
    moved = cluster.node(2)
    assert moved.stop() == 0
    moved.peer_port = free_port(moved.host)
    moved.client_port = free_port(moved.host)
    moved.start()
    moved.await_ready()
    ready = time.monotonic()

    def reached() -> bool:
        for node in cluster.nodes:
            line = next(line for line in node.status()["nodes"] if line["id"] == 2)
            if (line.get("liveness"), line.get("peerPort"), line.get("clientURL")) != (
                "alive", moved.peer_port, moved.url,
            ):  # fmt: skip
                return False
        return follows_again(cluster)

    until(reached, 5, f"node 2 is not known at its new ports: {[n.status()['nodes'] for n in cluster.nodes]}")
    print(f"reached {time.monotonic() - ready:.1f} s after it was ready")


def follows_again(cluster) -> bool:
    """Whether every leader has node 2 as an active follower that has everything."""
    for node in cluster.nodes:
        for shard in node.status()["shards"]:
            local = shard.get("local")
            if local is None or not local["isLeader"]:
                continue
            for follower in local["followers"]:
                if follower["node"] == 2 and (not follower["isActive"] or follower["entriesBehind"] > 0):
                    return False
    return True


def test_remembers_where_it_listened(make_cluster):
    """A node started with its data alone goes on at its last addresses."""
    cluster = make_cluster(1)
    (node,) = cluster.nodes
    assert node.stop() == 0
    node.flags = lambda: ["--data", str(node.data)]
    node.start()
    node.await_ready()
    assert node.status()["node"] == 1
