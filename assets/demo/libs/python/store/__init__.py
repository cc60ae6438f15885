"""Object storage: put a document into a bucket."""

import logging

import boto3

from libs.python.clock import now, stamp

log = logging.getLogger(__name__)


def key_of(report: str) -> str:
    """Where a report of this moment is stored."""
    return f"reports/{report}/{stamp(now())}.json"


def put(bucket: str, key: str, body: bytes) -> None:
    """Writes `body`; the region and the credentials come from the environment."""
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    log.info("stored s3://%s/%s, %d bytes", bucket, key, len(body))
