"""The frameworks as data: the national policy and the 2030 Agenda, with their sources and how far these were read.

Each file is one version, and never changes once somebody has linked with it: a new national policy is a new file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from acogida.sdk import Framework, Node, Source

PLUGIN = "pnme"
FILES = {"pnme": "pnme_2023.yaml", "ods": "ods_2030.yaml"}
"""The version in use of each framework."""
OBJECTIVES = 81
"""Specific objectives that the national policy has; most have not been read."""


@dataclass(frozen=True, slots=True)
class Known:
    """A framework, what is proposed for each dimension of the guide, and the targets that name migration."""

    framework: Framework
    suggested: Mapping[str, tuple[str, ...]]
    migration: tuple[str, ...]

    @property
    def nodes(self) -> dict[str, Node]:
        """Every node by its code."""
        return {node.code: node for node in self.framework.all_nodes}


@cache
def known() -> Mapping[str, Known]:
    """This function will give both frameworks by key."""
    return {key: _known(name) for key, name in FILES.items()}


def _known(name: str) -> Known:
    given = yaml.safe_load(files("acogida_pnme").joinpath("catalogue", name).read_text("utf-8"))
    source = Source(**given["node_source"])
    framework = Framework(
        key=given["key"],
        title=given["title"],
        version=given["version"],
        summary=given["summary"],
        source=Source(**given["source"]),
        nodes=tuple(_node(each, source) for each in given["nodes"]),
        subjects=("finding", "objective", "initiative"),
    )
    migration = tuple(
        one["code"] for each in given["nodes"] for one in each.get("children", ()) if one.get("migration")
    )
    return Known(framework, {key: tuple(codes) for key, codes in given["suggested"].items()}, migration)


def _node(given: Mapping[str, Any], source: Source) -> Node:
    children = tuple(_node(each, source) for each in given.get("children", ()))
    return Node(code=given["code"], title=given["title"], text=given.get("text", ""), children=children, source=source)
