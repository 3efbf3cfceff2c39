"""docker-compose.yml, held as strictly as a file can be."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = sorted(COMPOSE["services"])


def test_it_has_everything_the_product_stands_on() -> None:
    assert {"web", "worker", "migrate", "database", "search", "store", "mail"} <= set(SERVICES)


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ("migrate", "web")])
def test_a_service_says_when_it_is_well(name: str) -> None:
    """The image of web carries its own health check; migrate ends by itself."""
    assert "healthcheck" in COMPOSE["services"][name]


def test_no_secret_has_a_default() -> None:
    """Each secret is asked for by name: `${NAME:?…}`."""
    text = (ROOT / "docker-compose.yml").read_text()
    for name, rest in re.findall(r"\$\{(ACOGIDA_[A-Z_]*(?:PASSWORD|KEY|KEYS))([^}]*)\}", text):
        assert rest.startswith(":?"), name


def test_our_processes_have_no_privileges() -> None:
    """Non-root, read-only, without capabilities."""
    for name in ("web", "worker", "migrate"):
        service = COMPOSE["services"][name]
        assert service["user"] == "10001:10001"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_data_live_in_named_volumes() -> None:
    """Nothing that must last is written to a folder of the host."""
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", []):
            source, _, rest = volume.partition(":")
            assert source in COMPOSE["volumes"] or rest.endswith(":ro"), f"{name}: {volume}"


def test_images_are_pinned_to_a_version() -> None:
    for name, service in COMPOSE["services"].items():
        assert not service["image"].endswith(":latest"), name
        assert ":" in service["image"], name
