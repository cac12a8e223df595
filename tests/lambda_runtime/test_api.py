"""The API inside AWS's Lambda runtime client."""

from __future__ import annotations

import base64
import json
from unittest.mock import ANY

import httpx
import pytest
from pymongo import AsyncMongoClient

from tests.api import Api, new_user, new_username, send
from tests.lambda_runtime.conftest import NO_DATABASE, Start
from tests.lambda_runtime.events import Json, recorded
from tests.lambda_runtime.function import LambdaFunction
from tests.lambda_runtime.runtime_api import FunctionError

LIMITS = {"data": {"uploadLimits": {"maxUploadBytes": 5 * 2**40}, "viewer": None}}


async def test_a_post_is_answered_as_text_whether_its_body_is_base64_or_not(
    shared_api: LambdaFunction,
) -> None:
    plain = recorded("http")
    encoded = base64.b64encode(plain["body"].encode()).decode()
    for event in (plain, plain | {"body": encoded, "isBase64Encoded": True}):
        answer = await shared_api.invoke(event)
        assert answer["statusCode"] == 200
        assert answer["isBase64Encoded"] is False
        assert answer["headers"]["content-type"].startswith("application/graphql-response+json")
        assert json.loads(answer["body"]) == LIMITS


async def test_a_preflight_is_granted_to_an_allowed_origin_alone(
    shared_api: LambdaFunction,
) -> None:
    event = recorded("http_preflight")
    answer = await shared_api.invoke(event)
    assert answer["statusCode"] == 200
    assert answer["headers"]["access-control-allow-origin"] == "https://app.test"
    assert "POST" in answer["headers"]["access-control-allow-methods"]
    assert "authorization" in answer["headers"]["access-control-allow-headers"].lower()
    event["headers"]["origin"] = "https://elsewhere.test"
    answer = await shared_api.invoke(event)
    assert answer["statusCode"] == 400
    assert "access-control-allow-origin" not in answer["headers"]


async def test_an_unknown_path_is_not_found(shared_client: httpx.AsyncClient) -> None:
    response = await shared_client.get("/nowhere")
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_health_names_the_parts_that_work(shared_api: LambdaFunction) -> None:
    answer = await shared_api.invoke(recorded("http_health"))
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["parts"] == {"database": True, "storage": True}


async def test_without_a_database_health_answers_and_requests_may_be_repeated(start: Start) -> None:
    api = await start("api", DB_URL=NO_DATABASE)
    answer = await api.invoke(recorded("http_health"))
    assert answer["statusCode"] == 503
    assert json.loads(answer["body"])["parts"] == {"database": False, "storage": True}
    # Here rather than in tests/http: PyMongo loses the socket of a connection that it is opening
    # when its client is closed, and pytest reports that.
    answer = await api.invoke(recorded("http"))
    assert answer["statusCode"] == 503
    (error,) = json.loads(answer["body"])["errors"]
    assert error["message"].startswith("Internal error (request ")
    assert error["extensions"] == {"code": "INTERNAL", "requestId": ANY, "retryable": True}


async def test_a_file_goes_all_the_way(shared_client: httpx.AsyncClient) -> None:
    user = await new_user(shared_client)
    upload = await user.store(b"hello, Lambda", filename="日本.txt", contentType="text/plain")
    assert upload["status"] == "STORED"
    download = await user.download(upload["id"])
    assert download is not None
    assert (await send(download)).content == b"hello, Lambda"


async def test_nothing_is_answered_until_the_database_is_prepared(
    start: Start, new_database: str
) -> None:
    """A request builds no index: it is answered at once, and works as soon as they exist."""
    api = await start("api", DB_NAME=new_database)
    answer = await api.invoke(recorded("http"))
    assert answer["statusCode"] == 503
    (error,) = json.loads(answer["body"])["errors"]
    assert error["message"].startswith("The database is not prepared: run python -m gql_api.admin")
    assert error["extensions"] == {"code": "INTERNAL", "requestId": ANY, "retryable": True}
    health = await api.invoke(recorded("http_health"))
    assert health["statusCode"] == 503
    assert "is not prepared" in json.loads(health["body"])["status"]


async def test_usernames_are_unique_from_the_first_call(shared_client: httpx.AsyncClient) -> None:
    username = new_username()
    results = [await Api(shared_client).sign_up(username) for _ in range(2)]
    assert [result["__typename"] for result in results] == ["Session", "UsernameTaken"]


async def test_cookies_go_both_ways(shared_client: httpx.AsyncClient) -> None:
    caller = Api(shared_client)
    signed_up = await caller.sign_up(new_username(), tokenDelivery="COOKIE")
    assert signed_up["refreshToken"] is None
    assert len(shared_client.cookies) == 1
    refreshed = await caller.refresh_session(tokenDelivery="COOKIE")
    assert refreshed["__typename"] == "Session"


async def test_ten_invocations_share_one_client(
    start: Start, prepared_database: str, mongod_url: str
) -> None:
    """A MongoDB client works on only one event loop, so all invocations share that too."""
    url = f"{mongod_url}{'&' if '?' in mongod_url else '/?'}appName={prepared_database}"
    api = await start("api", DB_NAME=prepared_database, DB_URL=url)
    signed_up: Json = {
        "query": "mutation ($name: String!) { signUp(input: {username: $name, "
        'password: "correct horse battery staple"}) { __typename } }'
    }
    event = recorded("http")
    for _ in range(10):
        body = signed_up | {"variables": {"name": new_username()}}
        answer = await api.invoke(event | {"body": json.dumps(body)})
        assert json.loads(answer["body"]) == {"data": {"signUp": {"__typename": "Session"}}}
    async with AsyncMongoClient[Json](mongod_url) as client:
        operations = await client.admin.aggregate(
            [
                {"$currentOp": {"allUsers": True, "idleConnections": True}},
                {"$match": {"appName": prepared_database}},
            ]
        )
        connections = await operations.to_list()
    # One connection for operations and two for monitoring. Ten clients would have at least twenty.
    assert 1 <= len(connections) < 10


async def test_an_event_that_is_no_request_is_an_error_and_the_next_call_works(
    shared_api: LambdaFunction,
) -> None:
    with pytest.raises(FunctionError) as raised:
        await shared_api.invoke({})
    assert raised.value.type == "RuntimeError"
    assert json.loads((await shared_api.invoke(recorded("http")))["body"]) == LIMITS


async def test_wrong_settings_are_all_named_at_every_call(start: Start) -> None:
    api = await start("api", DB_URL="", JWT_SECRET_KEY="too-short-a-secret")
    for _ in range(2):
        with pytest.raises(FunctionError) as raised:
            await api.invoke(recorded("http"))
        assert raised.value.type == "SettingsError"
        assert "DB_URL is missing." in raised.value.message
        assert "JWT_SECRET_KEY" in raised.value.message
    assert "too-short-a-secret" not in api.log()


async def test_storing_a_small_file_waits_for_no_import_that_it_does_not_need(
    api: LambdaFunction, http_client: httpx.AsyncClient
) -> None:
    """Each import slows every cold start; boto3 would double it."""
    user = await new_user(http_client)
    assert (await user.store(b"bytes"))["status"] == "STORED"
    imported = api.imported()
    assert {"strawberry", "gql_api.http.app"} <= imported
    assert not {"boto3", "botocore", "h11", "jinja2", "uvicorn", "websockets"} & imported
    assert not {"starlette", "anyio", "python_multipart", "http.cookies"} & imported
    assert not {"gql_api.admin", "gql_api.operators", "gql_api.custom_resource"} & imported
    assert not {"gql_api.issuers", "gql_api.services.key_sets", "joserfc"} & imported
    assert not {"ecdsa", "rsa", "pyasn1"} & imported


@pytest.mark.parametrize("started", ["snap-start", "provisioned-concurrency"])
async def test_an_environment_that_starts_early_has_imported_everything(
    start: Start, prepared_database: str, started: str
) -> None:
    """Nothing is left for the first request; a snapshot has no credentials."""
    api = await start(
        "api",
        DB_NAME=prepared_database,
        AWS_LAMBDA_INITIALIZATION_TYPE=started,
        _HANDLER="gql_api.lambda_handlers.api",
    )
    await api.initialized()
    assert {"strawberry", "pymongo", "mangum"} <= api.imported()
    assert json.loads((await api.invoke(recorded("http")))["body"]) == LIMITS
