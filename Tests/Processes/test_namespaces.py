"""Three machines without a shared disk: network namespaces with one bridge, a token for each."""

import warnings
from pathlib import Path

import pytest

from cluster import Node, run, until
from machines import Machines, NoNamespaces


@pytest.fixture
def machines():
    try:
        with Machines(3) as machines:
            yield machines
    except NoNamespaces as error:
        warnings.warn(f"NOT TESTED: {error}", stacklevel=1)
        pytest.skip(f"NOT TESTED: {error}")


def test_three_machines(machines: Machines, tmp_path: Path):
    """A token is all that the second and third machine need; nobody is told another address."""
    nodes = []
    for number in machines.numbers:
        directory = tmp_path / f"machine-{number}"
        directory.mkdir()
        host, prefix = machines.address(number), machines.prefix(number)
        node = Node(number, directory / "data", host, 7400, 8080, directory / "codes", prefix)
        node.flags = lambda node=node: ["--data", str(node.data)]
        nodes.append(node)
    addresses = {machines.address(number) for number in machines.numbers}
    made = run(
        "cluster", "init", "--quiet", "--shards", "16", "--data", str(nodes[0].data),
        "--host", nodes[0].host, prefix=nodes[0].prefix,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    try:
        nodes[0].start()
        until(lambda: nodes[0].command("status").returncode == 0, 30, nodes[0].tail())
        nodes[1].start("--join", made.stdout.strip())
        nodes[2].start("--join", nodes[0].token())

        def together() -> bool:
            for node in nodes:
                if node.command("status").returncode != 0:
                    return False
                report = node.status()
                alive = {
                    line.get("host") for line in report["nodes"] if line.get("liveness") == "alive" and line["standing"] == "up"
                }
                if alive != addresses:
                    return False
            return True

        until(together, 60, "the three did not find each other: " + "".join(node.tail() for node in nodes))
        # Killed and started again, with nothing but its directory.
        nodes[0].kill()
        nodes[0].start()
        until(together, 60, "the first did not come back: " + nodes[0].tail())
    finally:
        for node in nodes:
            node.end(15)
