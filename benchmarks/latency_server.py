"""A chat completions server that answers always the same, as slowly and unreliably as real ones, and counts.

Run it as a module with the answer's file, and with seconds for another mean: it prints its address.
`GET /counts` tells what came, and starts the draw of latencies and failures anew: every client meets the same.
"""

import asyncio
import heapq
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web

# Log-normal around a mean of one second; one in a hundred takes about three.
SIGMA, MEAN = 0.5, 1.0
RATE_LIMITED, FAILED = 0.02, 0.01
RETRY_AFTER = 1.0
MODEL = "canned"
SEED = 7


def fates(mean: float) -> Iterator[tuple[int, float]]:
    """The status of each request in the order in which they come, and the seconds until it is told."""
    randomness = random.Random(SEED)
    while True:
        fate = randomness.random()
        if fate < RATE_LIMITED:
            yield 429, 0.0
        else:
            seconds = mean * randomness.lognormvariate(-SIGMA * SIGMA / 2, SIGMA)
            yield 500 if fate < RATE_LIMITED + FAILED else 200, seconds


def least_seconds(documents: int, concurrency: int, mean: float = MEAN) -> float:
    """What a client would take that loses no time: it sends as soon as a place is free, and waits without one."""
    draw = fates(mean)
    places, again, fresh, end = [0.0] * concurrency, list[float](), documents, 0.0
    while fresh or again:
        now = heapq.heappop(places)
        if fresh and not (again and again[0] <= now):
            fresh -= 1
        else:
            now = max(now, heapq.heappop(again))
        status, seconds = next(draw)
        heapq.heappush(places, now + seconds)
        if status == 200:
            end = max(end, now + seconds)
        else:
            heapq.heappush(again, now + seconds + (RETRY_AFTER if status == 429 else 0))
    return end


def app(answer: str, mean: float = MEAN) -> web.Application:
    """The server; a request is known by its last message."""
    draw = [fates(mean)]
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    at_once = {"now": 0, "most": 0}

    async def complete(request: web.Request) -> web.Response:
        body = await request.json()
        pair = str(hash(body["messages"][-1]["content"]))
        asked[pair] += 1
        status, seconds = next(draw[0])
        if status == 429:
            return _error(429, "rate_limit_exceeded", {"Retry-After": f"{RETRY_AFTER:g}"})
        at_once["now"] += 1
        at_once["most"] = max(at_once["most"], at_once["now"])
        await asyncio.sleep(seconds)
        at_once["now"] -= 1
        if status == 500:
            return _error(500, "server_error", {})
        answered[pair] += 1
        return web.json_response(_completion(answer))

    async def models(_: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "x"}]})

    async def counts(_: web.Request) -> web.Response:
        twice = sum(times > 1 for times in answered.values())
        told = {"asked": asked.total(), "answered": len(answered), "twice": twice, "at_once": at_once["most"]}
        for counter in (asked, answered):
            counter.clear()
        at_once["most"] = 0
        draw[0] = fates(mean)
        return web.json_response(told)

    server = web.Application(client_max_size=2**20)
    server.router.add_post("/v1/chat/completions", complete)
    server.router.add_get("/v1/models", models)
    server.router.add_get("/counts", counts)
    return server


def _completion(answer: str) -> dict[str, object]:
    message = {"role": "assistant", "content": answer}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 4000, "completion_tokens": 900, "total_tokens": 4900},
    }


def _error(status: int, code: str, headers: dict[str, str]) -> web.Response:
    error = {"error": {"message": code, "type": code, "param": None, "code": code}}
    return web.json_response(error, status=status, headers=headers)


async def _serve(answer: str, mean: float) -> None:
    runner = web.AppRunner(app(answer, mean), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps(runner.addresses[0]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]).read_text(), float(sys.argv[2]) if sys.argv[2:] else MEAN))
