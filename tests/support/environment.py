"""Where the test server is and how a process of the test run reaches it."""

import json
import os
from pathlib import Path

from acogida.adapters.embedded_postgres import Server
from acogida.app.settings import CHECKOUT, DatabaseSettings, Secret, Settings

TEMPLATE = "acogida"
_VARIABLE = "ACOGIDA_TEST_SERVER"


def share(server: Server) -> None:
    """Let the other processes of this run know the server."""
    os.environ[_VARIABLE] = json.dumps({"data": str(server.data), "port": server.port, "passwords": server.passwords})


def test_server() -> Server:
    known = json.loads(os.environ[_VARIABLE])
    return Server(Path(known["data"]), known["port"], known["passwords"])


test_server.__test__ = False  # type: ignore[attr-defined]


def settings_for(server: Server, data: Path, database: str) -> Settings:
    return Settings(
        environment="test",
        data=data,
        catalogue=CHECKOUT / "catalogue",
        host="127.0.0.1",
        port=8000,
        metrics_port=0,
        public_url="http://acogida.test",
        secret_key=Secret("a-secret-that-only-the-tests-know-0123456789"),
        database=DatabaseSettings(
            *(
                Secret(server.url(role, database=database))
                for role in ("acogida_app", "acogida_worker", "acogida_owner")
            )
        ),
        log_format="json",
    )
