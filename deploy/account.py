"""Access to an AWS account and to the outputs of a stack."""

from __future__ import annotations

from collections.abc import Mapping

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from deploy.environments import Environment
from deploy.errors import DeployError


def open_session(environment: Environment) -> boto3.session.Session:
    """Return a session whose credentials AWS has accepted.

    Raises:
        DeployError: there are no credentials, or AWS rejects them or cannot be reached.
    """
    try:
        session = boto3.session.Session(
            profile_name=environment.profile, region_name=environment.region
        )
        session.client("sts").get_caller_identity()
    except NoCredentialsError as error:
        raise DeployError(
            "there are no AWS credentials. Sign in, for example with `aws sso login`, or name a "
            "profile: AWS_PROFILE=…"
        ) from error
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"AWS does not accept the credentials: {error}") from error
    return session


def stack_outputs(session: boto3.session.Session, stack_name: str) -> Mapping[str, str]:
    """Return the values of the stack's outputs by their names.

    Raises:
        DeployError: the stack does not exist or may not be read.
    """
    try:
        described = session.client("cloudformation").describe_stacks(StackName=stack_name)
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"the stack {stack_name} cannot be read: {error}") from error
    [stack] = described["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}
