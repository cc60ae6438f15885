"""The items of the shop and their prices."""

import json
from pathlib import Path

from libs.python.money import Amount, with_tax


def read_items() -> dict[str, dict]:
    """The items by their key, from the file beside this one."""
    return json.loads(Path(__file__).with_name("items.json").read_text())


def price(key: str, pieces: int, country: str) -> dict[str, str]:
    """Net and gross price of `pieces` of an item; `KeyError` if there is no such item or country."""
    net = Amount(read_items()[key]["cents"] * pieces)
    return {"item": key, "net": str(net), "gross": str(with_tax(net, country))}
