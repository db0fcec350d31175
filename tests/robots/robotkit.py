"""A receiver that answers as the services do: 200 whatever it makes of a message, what it made of it in the body.

Signatures are computed here as the services' documentation has them, not as the senders do it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC0a1b2c/d+e=f"
TOKEN = "t0ken4711"
NOW = 1_795_000_000.25
Say = dict[str, Any]


def hashed(key: str, text: str) -> str:
    return base64.b64encode(
        hmac.new(key.encode("utf-8"), text.encode("utf-8"), digestmod=hashlib.sha256).digest()
    ).decode()


def dingtalk(path: str, query: dict[str, list[str]], body: bytes) -> Say:
    """What DingTalk says of a message."""
    if query.get("access_token") != [TOKEN]:
        return {"errcode": 300001, "errmsg": "token is not exist"}
    [stamp], [sign] = query.get("timestamp", [""]), query.get("sign", [""])
    if sign != hashed(SECRET, f"{stamp}\n{SECRET}") or abs(int(stamp) / 1000 - NOW) > 3600 or len(stamp) != 13:
        return {"errcode": 310000, "errmsg": "sign not match"}
    if len(body) > 20_000:
        return {"errcode": 460101, "errmsg": "message too long, exceed 20000 bytes"}
    said = json.loads(body)
    if said["msgtype"] != "markdown" or not said["markdown"]["title"] or not said["markdown"]["text"]:
        return {"errcode": 40035, "errmsg": "param error"}
    return {"errcode": 0, "errmsg": "ok"}


def wecom(path: str, query: dict[str, list[str]], body: bytes) -> Say:
    """What WeCom says of a message."""
    if query.get("key") != [TOKEN]:
        return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1], from ip: 127.0.0.1"}
    said = json.loads(body)
    if said["msgtype"] != "markdown":
        return {"errcode": 40008, "errmsg": "invalid message type"}
    if len(said["markdown"]["content"].encode("utf-8")) > 4096:
        return {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
    return {"errcode": 0, "errmsg": "ok"}


def feishu(path: str, query: dict[str, list[str]], body: bytes) -> Say:
    """What Feishu says of a message."""
    if not path.endswith("/" + TOKEN):
        return {"code": 19001, "data": {}, "msg": "param invalid: incoming webhook access token invalid"}
    said = json.loads(body)
    stamp = said.get("timestamp", "0")
    if said.get("sign") != hashed(f"{stamp}\n{SECRET}", "") or abs(int(stamp) - NOW) > 3600:
        return {
            "code": 19021,
            "data": {},
            "msg": "sign match fail or timestamp is not within one hour from current time",
        }
    if len(body) > 20 * 1024:
        return {"code": 9499, "data": {}, "msg": "Bad Request"}
    if said["msg_type"] != "interactive" or said["card"]["elements"][0]["tag"] != "markdown":
        return {"code": 9499, "data": {}, "msg": "Bad Request"}
    return {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}


JUDGES: dict[str, Callable[[str, dict[str, list[str]], bytes], Say]] = {
    "dingtalk": dingtalk, "wecom": wecom, "feishu": feishu,
}  # fmt: skip


class Platform(ThreadingHTTPServer):
    """A service on loopback; `script`: answers (status, body), `cut` or `slow`, before its own judgement."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.kind = kind
        self.script: list[tuple[int, Say | bytes] | str] = []
        self.heard: list[Say] = []
        self.taken: list[Say] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        """Its address, as the settings have it."""
        at = f"{self.kind}+http://127.0.0.1:{self.server_port}"
        return {
            "dingtalk": f"{at}/robot/send?access_token={TOKEN}&secret=SEC0a1b2c%2Fd%2Be%3Df",
            "wecom": f"{at}/cgi-bin/webhook/send?key={TOKEN}",
            "feishu": f"{at}/open-apis/bot/v2/hook/{TOKEN}?secret=SEC0a1b2c%2Fd%2Be%3Df",
        }[self.kind]

    def handle_error(self, request: Any, client_address: Any) -> None: ...


class _Door(BaseHTTPRequestHandler):
    server: Platform

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = urlsplit(self.path)
        self.server.heard.append(json.loads(body))
        step = self.server.script.pop(0) if self.server.script else None
        if step == "cut":
            return
        if step == "slow":
            give_up = time.monotonic() + 5
            self.wfile.write(b"HTTP/1.0 200 OK\r\n")
            while not self.server.over.wait(0.02) and time.monotonic() < give_up:
                self.wfile.write(b"X-More: 1\r\n")
            return
        said: tuple[int, Say | bytes]
        said = (
            step
            if isinstance(step, tuple)
            else (200, JUDGES[self.server.kind](parts.path, parse_qs(parts.query), body))
        )
        if (step is None and said[1] in ({"errcode": 0, "errmsg": "ok"},)) or (
            isinstance(said[1], dict) and said[1].get("code") == 0
        ):
            self.server.taken.append(json.loads(body))
        content = said[1] if isinstance(said[1], bytes) else json.dumps(said[1]).encode()
        self.send_response(said[0])
        if 300 <= said[0] < 400:
            self.send_header("Location", self.path)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def serving(kind: str) -> Iterator[Platform]:
    with Platform(kind) as platform:
        thread = threading.Thread(target=platform.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield platform
        finally:
            platform.over.set()
            platform.shutdown()
            thread.join()


def text_of(kind: str, said: Say) -> str:
    """What people read of a message."""
    if kind == "feishu":
        return str(said["card"]["elements"][0]["content"])
    return str(said["markdown"]["text" if kind == "dingtalk" else "content"])


def title_of(kind: str, said: Say) -> str:
    """Its title."""
    if kind == "feishu":
        return str(said["card"]["header"]["title"]["content"])
    return str(said["markdown"]["title"]) if kind == "dingtalk" else text_of(kind, said).split("\n")[0].strip("*")
