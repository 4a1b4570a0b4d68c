"""The loop that keeps decoders, network and writer busy at once: a bounded look-ahead, results stored as they come.

The same loop runs inline (`Inline`) and with a pool, and judges on the calling thread or where a photo was decoded;
what a photo gets never depends on which.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any

from photocull.catalog.records import Scored
from photocull.core.errors import CancelledError
from photocull.core.types import Scorer
from photocull.core.work import CancelToken
from photocull.pipeline.queue import Request, Waiting
from photocull.pipeline.stages import Readable, Unread, score
from photocull.pipeline.storing import Storing

Decode = Callable[[Request, CancelToken], Readable | Unread]
Outcome = Readable | Scored | Unread
Told = Callable[[Request, Scored | Unread], None]


class Inline(Executor):
    """An executor without threads: `submit` does the work at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is done when it is returned."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  as any executor: it is raised where the result is asked for
            future.set_exception(error)
        return future


class Flow:
    """One run's photos on their way from the queue to the catalogue.

    Args:
        waiting: what to judge. decode: the decoding stage. scorer: the network. storing: where results go.
        ahead: photos in memory at once, from the start of decoding to the end of scoring.
        batch: photos that the network takes at once, at most; results do not depend on it.
        told: hears every result with its request, on the calling thread; one that is not lasting is about the
            first place only.
        apart: whether each worker judges what it decoded, one by one; else all are judged on the calling thread.
    """

    def __init__(
        self,
        waiting: Waiting,
        decode: Decode,
        scorer: Scorer,
        storing: Storing,
        told: Told,
        *,
        ahead: int,
        batch: int,
        apart: bool = False,
    ) -> None:
        self._waiting = waiting
        self._decode = decode
        self._scorer = scorer
        self._storing = storing
        self._told = told
        self._ahead = ahead
        self._batch = batch
        self._apart = apart
        self._flying: dict[Future[Outcome], Request] = {}
        self._ready: deque[Readable] = deque()

    def run(self, workers: Executor, token: CancelToken) -> None:
        """Work until nothing waits; whatever ends it, what was scored is stored.

        Raises:
            CancelledError: the token said so. ModelError, CatalogError: the run cannot go on.
        """
        try:
            while self._fill(workers, token):
                self._land()
                self._judge(token)
        finally:
            self._end()

    def _end(self) -> None:
        """Let go of what is not begun, and keep what workers were judging when the run came to its end."""
        begun = [future for future in self._flying if not future.cancel()]
        wait(begun)
        try:
            for future in begun:
                if future.exception() is None and isinstance(outcome := future.result(), Scored):
                    self._storing.add(outcome)
        finally:
            self._storing.close()

    def _fill(self, workers: Executor, token: CancelToken) -> bool:
        self._pause(token)
        while len(self._flying) + len(self._ready) < self._ahead and (request := self._waiting.take()):
            self._flying[workers.submit(self._work, request, token)] = request
        return bool(self._flying or self._ready)

    def _work(self, request: Request, token: CancelToken) -> Outcome:
        if token.cancelled:  # a pause is the loop's affair: what was begun is finished and stored
            raise CancelledError("Stopped; what was scored is kept.")
        outcome = self._decode(request, token)
        if not self._apart or isinstance(outcome, Unread):
            return outcome
        return score(self._scorer, [outcome])[0]

    def _land(self) -> None:
        """Take in what is done; a failure ends the run only after what else is done was kept."""
        if not self._ready:
            wait(self._flying, return_when=FIRST_COMPLETED)
        done = [future for future in self._flying if future.done()]
        landed = [(self._flying.pop(future), future) for future in done]
        for request, future in landed:
            if future.exception() is None:
                self._take(request, future.result())
        for _, future in landed:
            future.result()

    def _take(self, request: Request, outcome: Outcome) -> None:
        if isinstance(outcome, Readable):
            self._ready.append(outcome)
        else:
            self._keep(request, outcome)

    def _judge(self, token: CancelToken) -> None:
        taken = [self._ready.popleft() for _ in range(min(self._batch, len(self._ready)))]
        if taken:
            self._pause(token)
            for readable, result in zip(taken, score(self._scorer, taken), strict=True):
                self._keep(readable.request, result)

    def _keep(self, request: Request, result: Scored | Unread) -> None:
        if isinstance(result, Scored):
            self._storing.add(result)
        elif result.lasting:
            self._storing.add(result.failed())
        elif (other := request.elsewhere()) is not None:
            self._waiting.add(other)
        self._told(request, result)

    def _pause(self, token: CancelToken) -> None:
        if token.paused:
            while self._apart and self._flying and not token.cancelled:
                self._land()
            self._storing.flush()
        token.check()
