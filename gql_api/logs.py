"""The default logging configuration."""

from __future__ import annotations

import logging

from gql_api.services import security_log

# At DEBUG these libraries log what they send, including password hashes and request signatures.
_NOISY = ("pymongo", "boto3", "botocore", "s3transfer", "urllib3")
_LEVELS = {
    **dict.fromkeys((*_NOISY, security_log.logger.name), logging.INFO),
    # Its warning about invalid headers of a response contains the URL, which may be signed.
    "urllib3.connection": logging.ERROR,
}


def configure() -> None:
    """Enable the security log and prevent libraries from logging secrets. Safe to repeat.

    Levels already set on these loggers are kept, and the root logger is not changed. If no handler
    is configured, the security log goes to standard error.
    """
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(level)
    if not security_log.logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        security_log.logger.addHandler(handler)
