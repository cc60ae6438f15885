"""The shop's database."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from libs.python.database.tables import Base, Sale
from libs.python.settings import Settings

__all__ = ["Sale", "engine_for", "sales_of"]


def engine_for(settings: Settings) -> Engine:
    """The engine of the configured database, with all tables made."""
    engine = create_engine(settings.database_url)
    Base.metadata.create_all(engine)
    return engine


def sales_of(engine: Engine) -> list[Sale]:
    """All sales, oldest first."""
    with Session(engine) as session:
        return list(session.query(Sale).order_by(Sale.day, Sale.id))
