import sys

import pytest
from fastapi.testclient import TestClient

from demo.hello_fastapi.main import app


def test_it_greets():
    answer = TestClient(app).get("/", params={"name": "Ada"})
    assert answer.json() == {"message": "Hello, Ada!"}


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
