"""The steps of `make deploy` around `sam deploy`: `python -m deploy check|web staging`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from deploy.account import open_session, stack_outputs
from deploy.environments import Environment, read_environment
from deploy.errors import DeployError
from deploy.web_client import invalidate, publish


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="deploy", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for command, purpose in (
        (check, "check that samconfig.toml and the AWS credentials can be used"),
        (web, "copy the web client's build to the bucket of the deployed stack"),
    ):
        added = commands.add_parser(command.__name__, help=purpose)
        added.set_defaults(command=command)
        added.add_argument("environment", help="a table of samconfig.toml, such as staging")
    options = parser.parse_args(arguments)
    try:
        options.command(read_environment(options.environment))
    except DeployError as error:
        print(f"Cannot deploy: {error}", file=sys.stderr)
        return 1
    return 0


def check(environment: Environment) -> None:
    """Check the credentials before anything is built; `main` has read samconfig.toml."""
    open_session(environment)


def web(environment: Environment) -> None:
    """Copy the web client to the stack's bucket, and make CloudFront fetch it again."""
    session = open_session(environment)
    outputs = stack_outputs(session, environment.stack_name)
    missing = {"WebBucketName", "DistributionId"} - set(outputs)
    if missing:
        names = " and ".join(sorted(missing))
        raise DeployError(f"the stack {environment.stack_name} has no output {names}.")
    keys = publish(session.client("s3"), outputs["WebBucketName"])
    invalidate(session.client("cloudfront"), outputs["DistributionId"])
    print(f"Copied {len(keys)} files of the web client to {outputs['WebBucketName']}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
