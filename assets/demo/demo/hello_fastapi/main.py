"""The smallest service: one greeting."""

import os

import uvicorn
from fastapi import FastAPI

app = FastAPI(title="hello-fastapi")


@app.get("/")
def hello(name: str = "world") -> dict[str, str]:
    """Greets."""
    return {"message": f"Hello, {name}!"}


@app.get("/health")
def health() -> dict[str, str]:
    """For the load balancer."""
    return {"status": "ok"}


if __name__ == "__main__":
    uvicorn.run(app, host=os.environ.get("HOST", "0.0.0.0"), port=int(os.environ.get("PORT", "8000")))
