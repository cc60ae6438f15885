"""Prices of the shop over HTTP."""

import logging

import uvicorn
from fastapi import FastAPI, HTTPException

from demo.price_api import catalog
from libs.python import logs
from libs.python.settings import Settings

settings = Settings()
app = FastAPI(title="price-api")
log = logging.getLogger("price-api")


@app.get("/items")
def items() -> list[str]:
    """Keys of all items."""
    return sorted(catalog.read_items())


@app.get("/price/{key}")
def price(key: str, pieces: int = 1, country: str | None = None) -> dict[str, str]:
    """Price of one item, taxed where the buyer lives."""
    try:
        return catalog.price(key, pieces, country or settings.country)
    except KeyError as missing:
        log.warning("asked for %s, which is not there", missing)
        raise HTTPException(404, f"{missing.args[0]} is not there") from missing


if __name__ == "__main__":
    logs.set_up()
    uvicorn.run(app, host="0.0.0.0", port=settings.port, log_config=None)
