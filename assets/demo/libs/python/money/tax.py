"""Value added tax by country, in whole percent."""

from libs.python.money.amount import Amount

RATES = {"AT": 20, "DE": 19, "FR": 20, "NL": 21, "PL": 23}


def with_tax(net: Amount, country: str) -> Amount:
    """`net` and the tax of `country` on it, rounded half up to the cent."""
    rate = RATES[country]
    return Amount((net.cents * (100 + rate) + 50) // 100, net.currency)
