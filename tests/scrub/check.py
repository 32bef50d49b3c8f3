"""Opens what was cleaned with other people's tools: `check.py FIXTURES CLEANED`. Fails with the first difference.

    cargo run -p recourse-scrub --example clean -- tests/scrub/fixtures CLEANED
    venv/bin/python tests/scrub/check.py tests/scrub/fixtures CLEANED

Set up as said in make.py.
"""

import io
import pathlib
import re
import sys
import zipfile

import docx
import odf.opendocument
import odf.teletype
import openpyxl
import pikepdf
import pillow_heif
import pptx
from PIL import Image, ImageCms, ImageOps, ImageSequence

MARKS = [b"NEEDLE", b"Nadel-Autor", b"N3DL", b"NDLE"]


def frames(path):
    with Image.open(path) as image:
        many = [ImageOps.exif_transpose(frame.convert("RGBA")).tobytes() for frame in ImageSequence.Iterator(image)]
        turned = ImageOps.exif_transpose(image)
        return turned.size, many


def picture(before, after):
    # A second picture behind a JPEG is not what the first one shows.
    assert frames(before) == frames(after), "pixels"
    with Image.open(after) as image:
        assert not image.info.get("comment"), image.info["comment"]
        tags = dict(image.getexif())
        assert set(tags) <= {274}, tags
        assert not image.getexif().get_ifd(0x8825)


def has_mark(data):
    wide = [mark.decode().encode(code) for mark in MARKS for code in ("utf-16-le", "utf-16-be")]
    return next((mark for mark in MARKS + wide if mark in data), None)


def pdf_text(pdf):
    """Every text string shown on the pages, and the links."""
    found = []
    for page in pdf.pages:
        found.append([str(part) for part in pikepdf.parse_content_stream(page)])
        for note in page.get("/Annots", []):
            if note.get("/Subtype") != "/FileAttachment":
                found.append([str(note.get("/Contents", "")), str(note.get("/A", {}).get("/URI", "") if "/A" in note else "")])
    return found


def pdf(before, after):
    with pikepdf.open(before) as old, pikepdf.open(after) as new:
        assert len(old.pages) == len(new.pages)
        assert pdf_text(old) == pdf_text(new), "text"
        assert not new.check_pdf_syntax(), new.check_pdf_syntax()
        assert "/Info" not in new.trailer and "/ID" not in new.trailer
        assert set(new.Root.keys()) <= {"/Type", "/Pages", "/PageMode", "/Names", "/Outlines"}, new.Root.keys()
        for old_page, new_page in zip(old.pages, new.pages):
            for name, image in new_page.images.items():
                shown = pikepdf.PdfImage(image).as_pil_image().convert("RGB").tobytes()
                assert shown == pikepdf.PdfImage(old_page.images[name]).as_pil_image().convert("RGB").tobytes()
        for thing in new.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    data = thing.read_bytes()
                except pikepdf.PdfError:
                    data = thing.read_raw_bytes()
                assert not has_mark(data), data
            elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Array)):
                assert not has_mark(thing.unparse(resolved=False)), thing


def package(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert not archive.comment
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0), entry
            assert not entry.extra and not entry.comment
            data = archive.read(entry)
            assert not has_mark(entry.filename.encode() + data), entry.filename
            if re.search(r"\.(png|jpe?g)$", entry.filename):
                Image.open(io.BytesIO(data)).load()


def word(before, after):
    package(after)
    old, new = docx.Document(before), docx.Document(after)
    assert [p.text for p in old.paragraphs] == [p.text for p in new.paragraphs]
    assert [c.text for c in old.comments] == [c.text for c in new.comments]
    assert [c.author for c in new.comments] == ["Author 1"]
    assert len(new.inline_shapes) == len(old.inline_shapes) == 1


def sheet(before, after):
    package(after)
    old, new = openpyxl.load_workbook(before), openpyxl.load_workbook(after)
    cells = lambda book: [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells(old) == cells(new)
    assert new.active["B2"].comment.text == "A remark that stays"
    assert new.active["B2"].comment.author == "Author 1"
    assert len(new.active._images) == 1


def slides(before, after):
    package(after)
    old, new = pptx.Presentation(before), pptx.Presentation(after)
    texts = lambda show: [s.text_frame.text for slide in show.slides for s in slide.shapes if s.has_text_frame]
    assert texts(old) == texts(new)
    assert new.slides[0].notes_slide.notes_text_frame.text == "Notes that stay"


def letter(before, after):
    package(after)
    texts = lambda path: [odf.teletype.extractText(p) for p in odf.opendocument.load(path).text.childNodes]
    clean = lambda lines: [re.sub("Nadel-Autor|Author 1|2026-11-01T12:34:56", "", line) for line in lines]
    assert clean(texts(before)) == clean(texts(after))


def film(before, after):
    old, new = before.read_bytes(), after.read_bytes()
    assert old.count(b"\xff\xd8\xff") == new.count(b"\xff\xd8\xff") == 2


CHECKS = {
    ".jpg": picture, ".png": picture, ".gif": picture, ".webp": picture, ".heic": picture, ".avif": picture,
    ".pdf": pdf, ".docx": word, ".xlsx": sheet, ".pptx": slides, ".odt": letter, ".mov": film,
}


def main(before, after):
    pillow_heif.register_heif_opener()
    refused = {"encrypted.pdf", "macros.docm"}
    for old in sorted(pathlib.Path(before).iterdir()):
        new = pathlib.Path(after) / old.name
        if old.name in refused:
            assert not new.exists(), f"{old.name} should have been refused"
            continue
        data = new.read_bytes()
        assert has_mark(data) is None, f"{old.name}: {has_mark(data)}"
        try:
            CHECKS[old.suffix](old, new)
        except Exception as fault:
            raise SystemExit(f"{old.name}: {type(fault).__name__}: {fault}") from fault
        print("ok", old.name)


if __name__ == "__main__":
    main(*sys.argv[1:3])
