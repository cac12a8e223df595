"""What is logged by default."""

from __future__ import annotations

import logging

from gql_api.services import security_log

# At DEBUG these write down what they send: password hashes, and signatures of requests.
_NOISY = ("pymongo", "boto3", "botocore", "s3transfer", "urllib3")


def configure() -> None:
    """Turn the security log on, and keep libraries from logging secrets; safe to repeat.

    Levels that somebody has set for one of these loggers stay. The root logger is not touched; if
    there is none that writes, the security log goes to standard error.
    """
    for name in (*_NOISY, security_log.logger.name):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.INFO)
    if not security_log.logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        security_log.logger.addHandler(handler)
