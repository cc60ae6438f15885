"""An amount of money: whole cents, never a float."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Amount:
    """`cents` of one currency."""

    cents: int
    currency: str = "EUR"

    def __add__(self, other: "Amount") -> "Amount":
        if self.currency != other.currency:
            raise ValueError(f"can't add {other.currency} to {self.currency}")
        return Amount(self.cents + other.cents, self.currency)

    def __str__(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02} {self.currency}"
