"""A pack is checked anywhere: whole it fits, and each way of touching it is named."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acogida.app.cli import main
from acogida.kernel.packs import GENESIS, NotAPack, PackedChain, PackedFile, chain_hash, chain_line, check, manifest

MADE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def make_pack(folder: Path) -> Path:
    """A decree and a register of three entries."""
    (folder / "actos").mkdir(parents=True)
    (folder / "registro").mkdir()
    (folder / "actos" / "decreto-41.pdf").write_bytes(b"%PDF decreto")
    previous, lines = GENESIS, b""
    for seq in (1, 2, 3):
        content = [seq, f"Ñandú {seq}", {"b": 1, "a": None}]
        lines += chain_line(previous, content)
        previous = chain_hash(previous, content)
    (folder / "registro" / "actos.jsonl").write_bytes(lines)
    files = [
        PackedFile(path, (folder / path).stat().st_size, hashlib.sha256((folder / path).read_bytes()).hexdigest())
        for path in ("actos/decreto-41.pdf", "registro/actos.jsonl")
    ]
    chains = [PackedChain("acts", "registro/actos.jsonl", 3, previous.hex())]
    (folder / "manifest.json").write_bytes(manifest(files, chains, cut="09101", name="Temuco", made_at=MADE))
    return folder


def zipped(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                packed.write(one, one.relative_to(folder).as_posix())
    return target


def test_a_whole_pack_fits_as_folder_and_as_zip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says whose it is and prints the fingerprint to compare with the receipt."""
    folder = make_pack(tmp_path / "temuco")

    assert main(["verify", str(folder)]) == 0
    assert main(["verify", str(zipped(folder))]) == 0

    said = capsys.readouterr().out
    assert "Temuco" in said
    assert said.count(hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()) == 2
    assert "2 archivos y 3 anotaciones" in said


def _change_file(folder: Path) -> None:
    (folder / "actos/decreto-41.pdf").write_bytes(b"%PDF decretO")


def _remove_file(folder: Path) -> None:
    (folder / "actos/decreto-41.pdf").unlink()


def _add_file(folder: Path) -> None:
    (folder / "actos/otro.pdf").write_bytes(b"%PDF otro")


def _relisted(folder: Path, lines: bytes) -> None:
    """The register rewritten by somebody who also mends its line in the list of files, and not the hashes."""
    path = folder / "registro/actos.jsonl"
    path.write_bytes(lines)
    told = json.loads((folder / "manifest.json").read_bytes())
    told["files"][1] |= {"size": len(lines), "sha256": hashlib.sha256(lines).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(told))


def _change_entry(folder: Path) -> None:
    _relisted(folder, (folder / "registro/actos.jsonl").read_bytes().replace("Ñandú 2".encode(), "Ñandú 9".encode()))


def _remove_entry(folder: Path) -> None:
    lines = (folder / "registro/actos.jsonl").read_bytes().splitlines(keepends=True)
    _relisted(folder, lines[0] + lines[2])


def _cut_end(folder: Path) -> None:
    lines = (folder / "registro/actos.jsonl").read_bytes().splitlines(keepends=True)
    _relisted(folder, lines[0] + lines[1])


def _climb(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_bytes())
    told["files"].append({"path": "../fuera.txt", "size": 1, "sha256": "0" * 64})
    (folder / "manifest.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("touch", "said"),
    [
        (_change_file, "Cambió actos/decreto-41.pdf"),
        (_remove_file, "Falta actos/decreto-41.pdf"),
        (_add_file, "Sobra actos/otro.pdf"),
        (_change_entry, "se rompe en la anotación 2"),
        (_remove_entry, "se rompe en la anotación 2"),
        (_cut_end, "le faltan o le sobran anotaciones"),
        (_climb, "sale del paquete"),
    ],
)
def test_each_way_of_touching_it_is_named(tmp_path: Path, touch: Callable[[Path], None], said: str) -> None:
    """Folder and ZIP alike."""
    folder = make_pack(tmp_path / "temuco")
    touch(folder)

    for path in (folder, zipped(folder)):
        report = check(path)
        assert not report.good
        assert any(said in problem for problem in report.problems), report.problems


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": "otro/1"}', b"\xff\xfe"])
def test_what_is_no_pack_is_said(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """No manifest, a broken one or of another kind, and a path where there is nothing."""
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "manifest.json").write_bytes(content)

    with pytest.raises(NotAPack):
        check(tmp_path / "p")
    assert main(["verify", str(tmp_path / "nada.zip")]) == 2
    assert "no es una carpeta ni un archivo ZIP" in capsys.readouterr().err
