"""Time in one form everywhere: UTC, ISO 8601, whole seconds."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present second."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """`moment` as text, such as 2026-11-02T08:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
