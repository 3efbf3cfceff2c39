"""What is kept and what is refused, file by file."""

import io
import time

import pytest

from acogida.features.evidence.inspection import FAMILIES, Refused, inspect
from support import make_files as made

GOOD = [
    ("carta.pdf", made.pdf(), "application/pdf"),
    ("acta.docx", made.office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("planilla.xlsx", made.office(made.EXCEL), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (
        "presentación.pptx",
        made.office(made.POWERPOINT),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("papelógrafo.png", made.PNG, "image/png"),
    ("foto.jpg", made.JPEG, "image/jpeg"),
    ("foto.webp", made.WEBP, "image/webp"),
    ("IMG_0001.HEIC", made.HEIC, "image/heic"),
    ("Nota de voz.opus", made.OGG, "audio/ogg"),
    ("sesión.mp3", b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(200), "audio/mpeg"),
    ("grabadora.m4a", b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42" + bytes(200), "audio/mp4"),
    ("grabadora.wav", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100), "audio/wav"),
    ("limitado.pdf", made.pdf_with(limited="clave"), "application/pdf"),
    ("escrito por un programa.pdf", made.pdf_with(packed=True), "application/pdf"),
]

BAD = [
    ("vacío.pdf", b"", "está vacío"),
    ("dibujo.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "dibujo SVG"),
    ("foto.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "dibujo SVG"),
    ("carta.html", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "página web"),
    ("carta.pdf", b"\n  <html><body>hola</body></html>", "página web"),
    ("instalar.exe", b"MZ\x90\x00" + bytes(200), "es un programa"),
    ("carta.pdf", b"MZ\x90\x00" + bytes(200), "es un programa"),
    ("orden.sh", b"#!/bin/sh\nrm -rf /\n", "es un programa"),
    ("carta.pdf", b"Estimado alcalde: adjunto la carta.", "dice ser un PDF, pero su contenido es otra cosa"),
    ("foto.jpg", b"no soy una foto", "dice ser una foto"),
    ("acta.docx", b"PK\x03\x04" + bytes(100), "está cortado"),
    ("acta.docx", made.office()[:-40], "está cortado"),
    ("acta.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "formato antiguo de Office"),
    ("acta.docm", made.office(made.WORD_MACROS), "trae macros"),
    ("acta.docx", made.office(word__vbaProject_bin=b"\x00"), "trae macros"),
    ("planilla.xlsx", made.office(made.EXCEL, xl__macrosheets__sheet1="<x/>"), "trae macros"),
    ("acta.docx", made.office(word__activeX__control1="<x/>"), "ActiveX"),
    ("carta.pdf", made.pdf()[:120], "está cortado"),
    ("carta.pdf", made.pdf(b"4 0 obj <</S /JavaScript /JS (app.alert(1))>> endobj"), "JavaScript"),
    ("carta.pdf", made.pdf(b"4 0 obj <</S /J#61vaScript /JS 5 0 R>> endobj"), "JavaScript"),
    ("carta.pdf", made.pdf(made.hidden_in_object_stream(b"4 0 <</S /JavaScript /JS (x)>>")), "JavaScript"),
    ("carta.pdf", made.pdf(b"4 0 obj <</S /Launch /F (cmd.exe)>> endobj"), "abre otro programa"),
    ("carta.pdf", made.pdf(b"4 0 obj <</Type /EmbeddedFile>> stream\nx\nendstream endobj"), "otros archivos adjuntos"),
    ("carta.pdf", made.pdf_with(attached=b"oculto"), "otros archivos adjuntos"),
    ("carta.pdf", made.pdf_with(action="/JavaScript"), "JavaScript"),
    ("carta.pdf", made.pdf_with(action="/JavaScript", packed=True), "JavaScript"),
    ("carta.pdf", made.pdf_with(action="/Launch", limited="clave"), "abre otro programa"),
    ("carta.pdf", made.pdf_with(action="/SubmitForm"), "JavaScript"),
    ("carta.pdf", made.pdf(b"4 0 obj <</Type /Annot /Subtype /RichMedia>> endobj"), "multimedia"),
    ("carta.pdf", made.pdf_with(locked="secreta"), "tiene contraseña"),
    ("acta.docx", made.office(word__embeddings__oleObject1_bin=b"\x00"), "incrustado (OLE)"),
    (
        "acta.docx",
        made.office(**{"word/_rels/settings.xml.rels": made.REMOTE_TEMPLATE}),
        "trae una plantilla desde otro lugar",
    ),
    ("voz.mp3", b"no soy un audio", "dice ser un audio"),
    ("bomba.docx", made.swelling(40), "crecería más de 200 veces"),
    ("muchas.docx", made.crowded(5_001), "más de 5.000 partes"),
    ("datos.zip", made.office("application/zip"), "no es Word, Excel ni PowerPoint"),
    ("datos.csv", b"comuna;personas\nTemuco;12", "de un tipo que no se guarda aquí"),
]


def look(name: str, content: bytes, allow: frozenset[str] = frozenset(FAMILIES)) -> str:
    return inspect(io.BytesIO(content), name=name, size=len(content), allow=allow).media_type


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD, ids=[name for name, _, _ in GOOD])
def test_what_a_municipality_brings_is_kept(name: str, content: bytes, media_type: str) -> None:
    """Its type comes from the content."""
    assert look(name, content) == media_type


@pytest.mark.parametrize(("name", "content", "words"), BAD, ids=[f"{name}: {words}" for name, _, words in BAD])
def test_what_could_hurt_is_refused_with_its_reason(name: str, content: bytes, words: str) -> None:
    """The sentence names the file, says why, what was kept and what to do."""
    with pytest.raises(Refused) as refused:
        look(name, content)
    sentence = str(refused.value)
    assert sentence.startswith(f"No guardamos «{name}»: ")
    assert words in sentence
    assert "Lo demás sigue como estaba." in sentence
    assert sentence.rstrip().endswith(".")


def test_a_plain_zip_is_told_to_be_unpacked() -> None:
    """A ZIP of several documents is not one document."""
    import zipfile

    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("acta.txt", "hola")
    with pytest.raises(Refused, match="Descomprímalo"):
        look("actas.zip", kept.getvalue())


def test_a_document_that_would_take_the_whole_disk_is_refused_at_once() -> None:
    """Nothing is unpacked to find it out."""
    content = made.swelling(310)
    began = time.perf_counter()
    with pytest.raises(Refused, match="ocuparía más de 300 MB"):
        look("bomba.docx", content)
    assert time.perf_counter() - began < 0.5


def test_where_only_a_pdf_will_do_a_photo_is_named_for_what_it_is() -> None:
    """Good content of another family is refused with the family that is wanted."""
    with pytest.raises(Refused, match=r"es una foto JPEG y aquí no se puede usar.*Suba un PDF"):
        look("carta.pdf", made.JPEG, frozenset({"pdf"}))


def test_a_pdf_made_to_waste_time_is_read_within_its_budget() -> None:
    """Thousands of streams that swell, or that never end, cost no more than a bounded look."""
    swelling = made.pdf(made.hidden_in_object_stream(bytes(6_000_000)) * 2_000)
    endless = made.pdf(b"9 0 obj <</Type /ObjStm>> stream\n" * 200_000)
    names = made.pdf(b"/J#61v" * 3_000_000)
    began = time.perf_counter()
    words = made.pdf(b"/ObjStm " * 3_000_000)
    for content in (swelling, endless, names, words):
        assert look("lento.pdf", content) == "application/pdf"
    assert time.perf_counter() - began < 8
