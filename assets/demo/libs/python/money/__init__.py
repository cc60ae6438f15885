"""Amounts of money and the taxes on them."""

from libs.python.money.amount import Amount
from libs.python.money.tax import with_tax

__all__ = ["Amount", "with_tax"]
