"""The tables, as classes."""

from datetime import date

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from libs.python.money import Amount


class Base(DeclarativeBase):
    """All tables of the shop."""


class Sale(Base):
    """One item that was sold."""

    __tablename__ = "sales"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    item: Mapped[str]
    pieces: Mapped[int]
    cents: Mapped[int]

    @property
    def total(self) -> Amount:
        """What was paid for all pieces."""
        return Amount(self.pieces * self.cents)
