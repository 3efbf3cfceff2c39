"""The gallery of pieces as a small site of its own, under the strictest content policy, that remembers what it is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jinja2 import Environment

from acogida.app.web import templates
from acogida.web import assets

VIEWS = ("parts", "board", "grid", "home", "form", "login", "document")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@dataclass
class Site:
    """Where the gallery answers and what it was sent; `answers` are the statuses of the next POSTs, 204 when none is left."""

    url: str
    posts: list[tuple[str, bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


def page(environment: Environment, view: str) -> str:
    """This function will render one view of the gallery."""
    return environment.get_template("gallery.html").render(view=view, csrf_token="muestra")


@contextmanager
def gallery_site() -> Iterator[Site]:
    """Serve the gallery on a free port of this machine."""
    environment = templates(assets.build())
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith(assets.URL_PREFIX):
                file = assets.STATIC / path.removeprefix(assets.URL_PREFIX)
                self.answer(200, file.read_bytes(), _TYPES[file.suffix])
            else:
                self.answer(200, page(environment, path.strip("/")).encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            site.posts.append((self.path, body, self.headers.get("x-csrftoken", "")))
            status = site.answers.pop(0) if site.answers else 204
            if status == 303:
                self.send_response(303)
                self.send_header("location", "/board")
                self.end_headers()
            elif status == 0:
                self.close_connection = True
            else:
                self.answer(
                    status, page(environment, "form").encode() if status == 422 else b"", "text/html; charset=utf-8"
                )

        def answer(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-security-policy", POLICY)
            self.end_headers()
            if status != 204:
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Says nothing: the test run has its own words."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
