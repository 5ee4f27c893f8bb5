"""A load of signed requests over keep-alive connections, from a process of its own."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

TEAM, USER, SECRET = "T0BENCH", "U0CORA", "bench-secret"


def command_body(first: int, count: int) -> Callable[[int], str]:
    def body(turn: int) -> str:
        fields = {
            "command": "/pa", "text": f"show {first + turn % count}", "user_id": USER, "team_id": TEAM,
            "channel_id": "C0BENCH", "trigger_id": f"t{turn}", "api_app_id": "A0BENCH", "response_url": "http://127.0.0.1:9/none",
        }  # fmt: skip
        return urlencode(fields)

    return body


def form_body(template: dict[str, object], first: int, count: int) -> Callable[[int], str]:
    """The log-a-contact form of many requests in turn, each drawn with a key of its own."""

    def body(turn: int) -> str:
        hint = json.dumps({"number": first + turn % count, "key": f"bench-{turn}-{time.time_ns()}"})
        view = {**template, "private_metadata": hint}
        whole = {
            "type": "view_submission", "user": {"id": USER, "team_id": TEAM}, "team": {"id": TEAM},
            "api_app_id": "A0BENCH", "trigger_id": f"t{turn}", "view": view,
        }  # fmt: skip
        return urlencode({"payload": json.dumps(whole)})

    return body


async def _worker(port: int, bodies: "asyncio.Queue[str]", took: list[float], bad: list[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    signer = SignatureVerifier(SECRET)
    while not bodies.empty():
        body = bodies.get_nowait()
        stamp = str(int(time.time()))
        head = (
            f"POST /slack/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\n"
            f"X-Slack-Signature: {signer.generate_signature(timestamp=stamp, body=body)}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        started = time.perf_counter()
        writer.write((head + body).encode())
        status, answer, closing = await _answer(reader)
        took.append(time.perf_counter() - started)
        if status != 200 or "errors" in answer or "Something went wrong" in answer:
            bad.append(f"{status} {answer[:200]}")
        if closing:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, str, bool]:
    status = int((await reader.readline()).split()[1])
    length, chunked, closing = 0, False, False
    while (line := (await reader.readline()).strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        chunked = chunked or line == b"transfer-encoding: chunked"
        closing = closing or line == b"connection: close"
    if not chunked:
        return status, (await reader.readexactly(length)).decode(), closing
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return status, b"".join(parts).decode(), closing


async def run(port: int, body: Callable[[int], str], requests: int, connections: int) -> dict[str, float]:
    """Requests a second and the slowest of a hundred, in milliseconds."""
    bodies: asyncio.Queue[str] = asyncio.Queue()
    for turn in range(requests):
        bodies.put_nowait(body(turn))
    took: list[float] = []
    bad: list[str] = []
    started = time.perf_counter()
    await asyncio.gather(*(_worker(port, bodies, took, bad) for _ in range(connections)))
    seconds = time.perf_counter() - started
    if bad:
        raise SystemExit(f"{len(bad)} of {requests} requests failed, such as: {bad[0]}")
    return {"rate": requests / seconds, "p99_ms": sorted(took)[int(len(took) * 0.99)] * 1000}


def main() -> None:
    """`python -m benchmarks.load '{"port": …, "kind": "show" or "write", …}'` prints its figures as JSON."""
    wanted = json.loads(sys.argv[1])
    made = {
        "show": lambda: command_body(wanted["first"], wanted["count"]),
        "write": lambda: form_body(wanted["form"], wanted["first"], wanted["count"]),
    }[wanted["kind"]]()
    figures = asyncio.run(run(wanted["port"], made, wanted["requests"], wanted["connections"]))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
