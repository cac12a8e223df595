"""AsyncMediaClient: the methods of MediaClient as coroutines.

Each call runs in a thread. Transfers need threads anyway, because sendfile blocks, and an API call
is one short request. A second, asynchronous HTTP stack would only add a second set of bugs.
Parameter and return types are the same as those of MediaClient's methods.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from media_client.client import MediaClient
from media_client.library import ANY_UPLOAD, change_pages, pages
from media_client.models import ChangesPage, OrderDirection, Upload, UploadOrderField
from media_client.operations import UploadFilter
from media_client.tokens import SessionStore
from media_client.transfer.downloads import DEFAULT_JOBS, DownloadOutcome
from media_client.transfer.halt import Halt
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.options import Options
from media_client.transfer.progress import OnProgress, Progress
from media_client.transfer.source import Source

if TYPE_CHECKING:
    import urllib3

P = ParamSpec("P")
T = TypeVar("T")

_THREADS = 16
_DEFAULT_OPTIONS = Options()


def _awaited(
    method: Callable[Concatenate[MediaClient, P], T],
) -> Callable[Concatenate[AsyncMediaClient, P], Coroutine[Any, Any, T]]:
    """Wrap a method to run in one of the client's threads."""

    async def call(self: AsyncMediaClient, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.run(functools.partial(method, self.client, *args, **kwargs))

    _describe(call, method)
    return call


def _stoppable(
    method: Callable[Concatenate[MediaClient, P], T],
) -> Callable[Concatenate[AsyncMediaClient, P], Coroutine[Any, Any, T]]:
    """Wrap a transfer method: cancelling the task stops the transfer, which can be resumed."""

    async def call(self: AsyncMediaClient, /, *args: P.args, **kwargs: P.kwargs) -> T:
        given = kwargs.get("stop")
        stop = Halt(given if isinstance(given, threading.Event) else threading.Event())
        kwargs["stop"] = stop
        try:
            return await self.run(functools.partial(method, self.client, *args, **kwargs))
        except asyncio.CancelledError:
            stop.set()
            raise

    _describe(call, method)
    return call


def _describe(call: Any, method: Callable[..., Any]) -> None:
    """Give a coroutine the name, the signature and the documentation of the method it calls."""
    call.__name__ = method.__name__
    call.__qualname__ = f"AsyncMediaClient.{method.__name__}"
    call.__doc__ = method.__doc__
    call.__annotations__ = method.__annotations__
    call.__signature__ = inspect.signature(method)


class AsyncMediaClient:
    """The asynchronous `MediaClient`: methods are coroutines, `uploads` an async iterator.

    The arguments are those of `MediaClient`.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        store: SessionStore | None = None,
        timeout: float = 60.0,
        max_retries: int | None = None,
        http_client: urllib3.PoolManager | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        bandwidth: int | None = None,
        allow_http: bool | None = None,
    ) -> None:
        self.client = MediaClient(
            url,
            token=token,
            store=store,
            timeout=timeout,
            max_retries=max_retries,
            http_client=http_client,
            ca_bundle=ca_bundle,
            bandwidth=bandwidth,
            allow_http=allow_http,
        )
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="media-client")

    def acting_as(self, external_id: str) -> Self:
        """Return this client for one of your users; see `MediaClient.acting_as`.

        It does not wait for the service.
        """
        acting = copy.copy(self)
        acting.client = self.client.acting_as(external_id)
        return acting

    async def run(self, call: Callable[[], T]) -> T:
        """Run a blocking call in one of the client's threads and await its result."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def close(self) -> None:
        """Wait for running calls to finish, then close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self.client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def uploads(
        self,
        filter: UploadFilter = ANY_UPLOAD,
        *,
        order_by: UploadOrderField = UploadOrderField.CREATED_AT,
        direction: OrderDirection = OrderDirection.DESC,
        limit: int | None = None,
    ) -> AsyncIterator[Upload]:
        """Iterate over the user's uploads, fetching pages as they are needed."""
        left = pages(self.client, filter, order_by, direction, limit)
        while (page := await self.run(lambda: next(left, None))) is not None:
            for upload in page.uploads:
                yield upload

    async def changes(self, after: str | None = None) -> AsyncIterator[ChangesPage]:
        """Iterate over the uploads in the order of their last change; see `MediaClient.changes`."""
        left = change_pages(self.client, after)
        while (page := await self.run(lambda: next(left, None))) is not None:
            yield page

    def download_all(
        self,
        uploads: Iterable[Upload],
        folder: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        jobs: int = DEFAULT_JOBS,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> AsyncGenerator[DownloadOutcome, None]:
        """Download stored uploads into a folder; see `MediaClient.download_all`.

        Cancelling the task that iterates, or closing the iterator, ends the downloads.
        """
        halt = Halt(stop or threading.Event())
        outcomes = self.client.download_all(
            uploads, folder, overwrite=overwrite, jobs=jobs, progress=progress, stop=halt
        )
        return self._each(outcomes, halt)

    def upload_all(
        self,
        sources: Iterable[Source],
        *,
        options: Options = _DEFAULT_OPTIONS,
        progress: Progress | None = None,
        on_progress: OnProgress | None = None,
        journal: Journal | None = None,
        stop: threading.Event | None = None,
    ) -> AsyncGenerator[Outcome, None]:
        """Upload many files concurrently; see `MediaClient.upload_all`.

        Cancelling the task that iterates, or closing the iterator, stops the uploads.
        """
        halt = Halt(stop or threading.Event())
        outcomes = self.client.upload_all(
            sources,
            options=options,
            progress=progress,
            on_progress=on_progress,
            journal=journal,
            stop=halt,
        )
        return self._each(outcomes, halt)

    async def _each(
        self, outcomes: Generator[T, None, None], halt: Halt
    ) -> AsyncGenerator[T, None]:
        """Yield what a generator yields, which runs in threads. The end sets `halt`."""
        step = self._threads.submit(next, outcomes, None)
        try:
            while (outcome := await asyncio.wrap_future(step)) is not None:
                yield outcome
                step = self._threads.submit(next, outcomes, None)
        finally:
            halt.set()
            await asyncio.shield(self.run(functools.partial(_close_after, step, outcomes)))

    sign_in_methods = _awaited(MediaClient.sign_in_methods)
    sign_up = _awaited(MediaClient.sign_up)
    login = _awaited(MediaClient.login)
    logout = _awaited(MediaClient.logout)
    change_password = _awaited(MediaClient.change_password)
    refresh_session = _awaited(MediaClient.refresh_session)
    sessions = _awaited(MediaClient.sessions)
    end_session = _awaited(MediaClient.end_session)
    viewer = _awaited(MediaClient.viewer)
    api_keys = _awaited(MediaClient.api_keys)
    create_api_key = _awaited(MediaClient.create_api_key)
    revoke_api_key = _awaited(MediaClient.revoke_api_key)
    limits = _awaited(MediaClient.limits)
    find_upload = _awaited(MediaClient.find_upload)
    get_upload = _awaited(MediaClient.get_upload)
    uploads_page = _awaited(MediaClient.uploads_page)
    changes_page = _awaited(MediaClient.changes_page)
    update_upload = _awaited(MediaClient.update_upload)
    delete_upload = _awaited(MediaClient.delete_upload)
    update_uploads = _awaited(MediaClient.update_uploads)
    trash_uploads = _awaited(MediaClient.trash_uploads)
    restore_uploads = _awaited(MediaClient.restore_uploads)
    delete_uploads = _awaited(MediaClient.delete_uploads)
    download_request = _awaited(MediaClient.download_request)
    rendition = _awaited(MediaClient.rendition)
    request_upload = _awaited(MediaClient.request_upload)
    request_uploads = _awaited(MediaClient.request_uploads)
    sign_parts = _awaited(MediaClient.sign_parts)
    find_transfer = _awaited(MediaClient.find_transfer)
    complete_upload = _awaited(MediaClient.complete_upload)
    complete_uploads = _awaited(MediaClient.complete_uploads)
    cancel_upload = _awaited(MediaClient.cancel_upload)
    wait_until_processed = _stoppable(MediaClient.wait_until_processed)
    upload_file = _stoppable(MediaClient.upload_file)
    download_file = _stoppable(MediaClient.download_file)
    download_to = _stoppable(MediaClient.download_to)


def _close_after(step: Future[T | None], outcomes: Generator[T, None, None]) -> None:
    """Close a generator that may still be running in another thread."""
    wait([step])
    outcomes.close()
