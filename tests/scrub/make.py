"""Makes the files in fixtures/ with other people's tools, each with marks planted where tools put metadata.

    python3 -m venv venv
    venv/bin/pip install pillow pillow-heif piexif pikepdf reportlab python-docx openpyxl python-pptx odfpy
    venv/bin/python make.py

Run again only to add a file: some tools write times and random ids, so the bytes differ from run to run. The marks stand
in MARKS; crates/scrub/tests/files.rs looks for the same ones.
"""

import datetime
import io
import pathlib
import struct
import sys
import zipfile
import zlib

import docx
import odf.dc
import odf.meta
import odf.office
import odf.opendocument
import odf.text
import openpyxl
import openpyxl.comments
import openpyxl.drawing.image
import piexif
import pikepdf
import pillow_heif
import pptx
from PIL import GifImagePlugin, Image, ImageCms, PngImagePlugin
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

OUT = pathlib.Path(__file__).parent / "fixtures"
MARKS = ["NEEDLE", "Nadel-Autor"]
N = "NEEDLE"


def picture(size=(48, 32)):
    """Not the same in any two corners, so that turning it shows."""
    image = Image.new("RGB", size)
    for x in range(size[0]):
        for y in range(size[1]):
            image.putpixel((x, y), (x * 5 % 256, y * 8 % 256, (x * y) % 256))
    return image


def exif(orientation=6, thumbnail=True):
    small = io.BytesIO()
    picture((16, 12)).save(small, "JPEG", comment=f"{N} thumbnail".encode())
    block = {
        "0th": {
            piexif.ImageIFD.Make: f"{N} make",
            piexif.ImageIFD.Model: f"{N} model",
            piexif.ImageIFD.Orientation: orientation,
            piexif.ImageIFD.Artist: f"{N} artist",
            piexif.ImageIFD.Software: f"{N} software",
            piexif.ImageIFD.DateTime: "2026:11:01 12:34:56",
            piexif.ImageIFD.ImageDescription: f"{N} description",
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: "2026:11:01 12:34:56",
            piexif.ExifIFD.BodySerialNumber: f"{N} serial",
            piexif.ExifIFD.MakerNote: f"{N} maker note".encode(),
            piexif.ExifIFD.ImageUniqueID: f"{N} id",
        },
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: "N",
            piexif.GPSIFD.GPSLatitude: ((50, 1), (27, 1), (NEEDLE_SECONDS, 100)),
            piexif.GPSIFD.GPSAreaInformation: f"{N} area".encode(),
        },
    }
    if thumbnail:
        block["1st"] = {piexif.ImageIFD.Compression: 6}
        block["thumbnail"] = small.getvalue()
    return piexif.dump(block)


# Bytes that stand nowhere else: 0x4E33444C, "N3DL".
NEEDLE_SECONDS = 0x4E33444C

XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="{N}">
<dc:creator><rdf:Seq><rdf:li>{N} creator</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def profile(name):
    """A profile as a screen's calibration writes it: sRGB's numbers, or others, and a name in it."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    if name != "sRGB":
        count = struct.unpack(">I", data[128:132])[0]
        for i in range(count):
            tag, at, size = struct.unpack(">4sII", data[132 + 12 * i : 144 + 12 * i])
            if tag == b"rXYZ":
                data[at + 8 : at + 12] = struct.pack(">i", 40000)
    data[80:84] = b"NDLE"
    count = struct.unpack(">I", data[128:132])[0]
    for i in range(count):
        tag, at, size = struct.unpack(">4sII", data[132 + 12 * i : 144 + 12 * i])
        if tag == b"desc":
            data[at + size - 12 : at + size] = "NEEDLE".encode("utf-16-be")
    return bytes(data)


def jpegs():
    out = io.BytesIO()
    picture().save(out, "JPEG", quality=90, exif=exif(), comment=f"{N} comment".encode(), icc_profile=profile("sRGB"), xmp=XMP)
    data = out.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", 16) + b"\x1c\x02\x50\x00\x0b" + b"NEEDLE iptc"
    # A preview of another maker, and the film of a motion photo behind the end.
    extra = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    extra += b"\xff\xe2" + struct.pack(">H", 2 + 4 + 10) + b"MPF\x00" + b"NEEDLE mpf"
    # Readers want JFIF or Exif first.
    first = 4 + struct.unpack(">H", data[4:6])[0]
    data = data[:first] + extra + data[first:] + b"\x00\x00\x00\x18ftypmp42NEEDLE film behind the end"
    save("phone.jpg", data)
    out = io.BytesIO()
    picture().convert("CMYK").save(out, "JPEG", comment=f"{N}".encode(), icc_profile=profile("screen"))
    save("cmyk.jpg", out.getvalue())
    out = io.BytesIO()
    picture((200, 150)).save(out, "JPEG", progressive=True, exif=exif(1), icc_profile=profile("screen"))
    save("progressive.jpg", out.getvalue())


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def pngs():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", f"{N} author")
    info.add_text("Comment", f"{N} packed " * 9, zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    out = io.BytesIO()
    picture().save(out, "PNG", pnginfo=info, exif=exif(8, False), icc_profile=profile("sRGB"))
    data = out.getvalue()
    end = data.index(b"IEND") - 4
    inside = chunk(b"tIME", struct.pack(">HBBBBB", 2026, 11, 1, 12, 34, 56)) + chunk(b"npTc", b"NEEDLE private")
    save("screen.png", data[:end] + inside + data[end:] + b"NEEDLE behind the end")
    # The bug of CVE-2023-21036: the older, larger picture goes on behind the newer one's data, inside IDAT.
    out = io.BytesIO()
    picture().save(out, "PNG")
    data = out.getvalue()
    at = data.index(b"IDAT")
    size = struct.unpack(">I", data[at - 4 : at])[0]
    body = data[at + 4 : at + 4 + size]
    save("cropped.png", data[: at - 4] + chunk(b"IDAT", body + b"NEEDLE older pixels") + data[at + 8 + size :])
    frames = [picture().rotate(90 * i) for i in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], duration=80, pnginfo=info)
    save("animated.png", out.getvalue())


def gifs():
    frames = [picture().rotate(90 * i).quantize(64) for i in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0, comment=f"{N} comment")
    data = out.getvalue()
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(N)]) + N.encode() + b"\x00"
    save("animated.gif", data[:-1] + xmp + b"\x3bNEEDLE behind the end")


def webps():
    out = io.BytesIO()
    picture().save(out, "WEBP", quality=80, exif=exif(6, False), xmp=XMP, icc_profile=profile("screen"))
    save("photo.webp", out.getvalue())
    out = io.BytesIO()
    picture().save(out, "WEBP", lossless=True, exif=exif(3, False), icc_profile=profile("sRGB"))
    data = out.getvalue() + b"NDLE" + struct.pack("<I", 8) + b"NEEDLE!!"
    save("lossless.webp", b"RIFF" + struct.pack("<I", len(data) - 8) + data[8:])
    frames = [picture().rotate(90 * i) for i in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=80, exif=exif(1, False), xmp=XMP)
    save("animated.webp", out.getvalue())


def heifs():
    big = picture((128, 96))
    heif = pillow_heif.from_pillow(big)
    heif.info["exif"] = exif(1, False)
    heif.info["xmp"] = XMP
    heif.info["thumbnails"] = [64]
    out = io.BytesIO()
    heif.save(out, quality=60)
    save("phone.heic", out.getvalue() + struct.pack(">I", 8 + 20) + b"mpvd" + b"NEEDLE motion photo ")
    out = io.BytesIO()
    big.save(out, "AVIF", quality=60, exif=exif(6, False), xmp=XMP, icc_profile=profile("screen"))
    save("photo.avif", out.getvalue())


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def films():
    """No encoder here: a film of two pictures that are JPEGs, which QuickTime allows, beside a track of positions."""
    frames = []
    for angle in (0, 180):
        out = io.BytesIO()
        picture().rotate(angle).save(out, "JPEG")
        frames.append(out.getvalue())
    positions = b"NEEDLE position 50.4501 30.5234"
    ftyp = box(b"ftyp", b"qt  \0\0\0\0qt  ")
    hidden = b"NEEDLE between samples"
    data = frames[0] + hidden + frames[1] + positions
    start = len(ftyp) + 8
    mdat = box(b"mdat", data)
    when = struct.pack(">II", 0x4E33444C, 0x4E33444C)

    def full(kind, *parts):
        return box(kind, bytes(4), *parts)

    def track(handler, number, sizes, offsets, entry):
        return box(
            b"trak",
            full(b"tkhd", when, struct.pack(">III", number, 0, 2000), bytes(60)),
            box(
                b"mdia",
                full(b"mdhd", when, struct.pack(">IIHH", 1000, 2000, 0, 0)),
                full(b"hdlr", b"mhlr", handler, b"NDLE", bytes(8), b"NEEDLE handler\0"),
                box(
                    b"minf",
                    full(b"vmhd", bytes(8)) if handler == b"vide" else full(b"nmhd"),
                    box(b"dinf", full(b"dref", struct.pack(">I", 1), full(b"url ", b"NEEDLE/path\0"))),
                    box(
                        b"stbl",
                        full(b"stsd", struct.pack(">I", 1), entry),
                        full(b"stts", struct.pack(">III", 1, len(sizes), 1000)),
                        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
                        full(b"stsz", struct.pack(">II", 0, len(sizes)), struct.pack(f">{len(sizes)}I", *sizes)),
                        full(b"stco", struct.pack(">I", len(offsets)), struct.pack(f">{len(offsets)}I", *offsets)),
                    ),
                ),
            ),
            box(b"udta", box(b"name", b"NEEDLE track")),
        )

    entry = box(b"jpeg", bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HH", 48, 32), bytes(50))
    at = [start, start + len(frames[0]) + len(hidden)]
    moov = box(
        b"moov",
        full(b"mvhd", when, struct.pack(">II", 1000, 2000), bytes(80)),
        track(b"vide", 1, [len(f) for f in frames], at, entry),
        track(b"meta", 2, [len(positions)], [at[1] + len(frames[1])], box(b"mebx", bytes(8))),
        box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+50.45+NEEDLE/"), box(b"\xa9mod", b"NEEDLE model")),
        full(b"meta", b"NEEDLE com.apple.quicktime.location"),
    )
    save("film.mov", ftyp + mdat + moov + box(b"uuid", b"NEEDLE" + XMP) + box(b"free", b"NEEDLE"))


def pdfs():
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(300, 200))
    page.setAuthor(f"{N} author")
    page.setTitle(f"{N} title")
    page.setCreator(f"{N} creator")
    photo = io.BytesIO((OUT / "phone.jpg").read_bytes())
    page.drawString(40, 150, "What happened on the first page")
    page.drawImage(ImageReader(photo), 40, 40, 96, 64)
    page.showPage()
    page.drawString(40, 150, "And on the second")
    page.linkURL("https://example.org/policy", (40, 140, 200, 160))
    page.showPage()
    page.save()
    pdf = pikepdf.open(io.BytesIO(out.getvalue()))
    with pdf.open_metadata() as meta:
        meta["dc:creator"] = [f"{N} xmp author"]
        meta["xmp:CreatorTool"] = f"{N} tool"
    pdf.attachments["note.txt"] = pikepdf.AttachedFileSpec(pdf, f"{N} attached".encode(), filename=f"{N}.txt")
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{N}')")
    pdf.Root.PieceInfo = pikepdf.Dictionary(Tool=pikepdf.Dictionary(Private=f"{N} piece"))
    first = pdf.pages[0]
    first.Thumb = pdf.make_stream(f"{N} thumb".encode(), Width=1, Height=1)
    first.LastModified = f"D:20261101{N}"
    first.Annots = pdf.make_indirect(
        pikepdf.Array(
            [
                pdf.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], T=f"{N} annotator",
                        M="D:20261101", CreationDate=f"D:2026{N}", NM=f"{N}-id", Contents="A remark that stays",
                    )
                ),
                pdf.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[50, 10, 70, 30],
                        FS=pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F=f"C:/{N}/a.txt")),
                    )
                ),
            ]
        )
    )
    for name, mode in (("document.pdf", pikepdf.ObjectStreamMode.disable), ("packed.pdf", pikepdf.ObjectStreamMode.generate)):
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=mode)
        data = out.getvalue()
        if name == "document.pdf":
            data = appended(data)
        save(name, data)
    out = io.BytesIO()
    pdf.save(out, linearize=True)
    save("linearized.pdf", out.getvalue())
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    save("encrypted.pdf", out.getvalue())


def appended(data):
    """Changes a file as editors do: a new version of an object at the end, the old one still there."""
    pdf = pikepdf.open(io.BytesIO(data))
    number = len(pdf.objects) + 1
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    root = pdf.Root.objgen[0]
    at = len(data)
    body = f"{number} 0 obj\n(NEEDLE nothing points here)\nendobj\n".encode()
    table = at + len(body)
    body += f"xref\n{number} 1\n{at:010d} 00000 n \ntrailer\n<</Size {number + 1}/Root {root} 0 R/Prev {start}".encode()
    body += f"/Info {pdf.docinfo.objgen[0]} 0 R>>\nstartxref\n{table}\n%%EOF\n".encode()
    return data + body


def repack(data, change):
    """Runs each part of a ZIP through `change(name, content)`; extra parts come from `change(None, None)`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.comment = f"{N} comment of the archive".encode()
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry.filename)))
        for name, content in (change(None, None) or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def documents():
    when = datetime.datetime(2026, 11, 1, 12, 34, 56)
    doc = docx.Document()
    doc.core_properties.author = f"{N} author"
    doc.core_properties.last_modified_by = f"{N} editor"
    doc.core_properties.comments = f"{N} remarks"
    doc.core_properties.created = when
    doc.add_heading("What happened", 1)
    paragraph = doc.add_paragraph("They changed the schedule without asking.")
    doc.add_picture(io.BytesIO((OUT / "phone.jpg").read_bytes()))
    doc.add_comment(paragraph.runs, text="A comment that stays", author="Nadel-Autor", initials="NA")
    out = io.BytesIO()
    doc.save(out)

    def change(name, content):
        if name is None:
            return {
                "docProps/custom.xml": f"<Properties>{N}</Properties>",
                "word/people.xml": f"<w15:people xmlns:w15='x'><w15:person w15:author='{N}'/></w15:people>",
                "word/embeddings/oleObject1.bin": f"{N} ole",
                "customXml/item9.xml": f"<a>{N}</a>",
            }
        if name == "word/document.xml":
            old = b"They changed the schedule without asking."
            new = b"".join([
                old, b'</w:t></w:r><w:ins w:id="7" w:author="Nadel-Autor" w:date="2026-11-01T12:34:56Z"><w:r w:rsidR="00NEEDLE">',
                b"<w:t>An addition.</w:t></w:r></w:ins><w:r><w:t>",
            ])
            return content.replace(old, new).replace(b"<w:p>", b'<!-- NEEDLE --><w:p w:rsidR="0NEEDLE0">', 1)
        if name == "[Content_Types].xml":
            return content.replace(b"<Default ", b'<Default Extension="bin" ContentType="application/octet-stream"/><Default ', 1)
        if name == "word/settings.xml":
            return content.replace(
                b"</w:settings>",
                b'<w:rsids><w:rsidRoot w:val="0NEEDLE1"/></w:rsids><w:attachedTemplate r:id="rId77" '
                b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></w:settings>',
            )
        if name == "word/_rels/document.xml.rels":
            base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            more = (
                f'<Relationship Id="rId91" Type="{base}/oleObject" Target="embeddings/oleObject1.bin"/>'
                f'<Relationship Id="rId92" Type="{base}/hyperlink" Target="file:///C:/Users/{N}/plan.docx" TargetMode="External"/>'
            )
            return content.replace(b"</Relationships>", more.encode() + b"</Relationships>")
        return content

    save("report.docx", repack(out.getvalue(), change))
    save("macros.docm", repack(out.getvalue(), lambda name, content: {"word/vbaProject.bin": b"x"} if name is None else content))

    book = openpyxl.Workbook()
    book.properties.creator = f"{N} creator"
    book.properties.lastModifiedBy = f"{N} editor"
    sheet = book.active
    sheet.append(["Day", "Hours"])
    sheet.append(["Monday", 14])
    sheet["B2"].comment = openpyxl.comments.Comment("A remark that stays", "Nadel-Autor")
    sheet.add_image(openpyxl.drawing.image.Image(io.BytesIO((OUT / "screen.png").read_bytes())), "D2")
    out = io.BytesIO()
    book.save(out)

    def change_book(name, content):
        if name is None:
            return {"xl/printerSettings/printerSettings1.bin": "NEEDLE".encode("utf-16-le")}
        if name == "xl/workbook.xml":
            path = (
                '<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" '
                f'url="C:\\Users\\{N}\\"/><fileSharing userName="{N}"/>'
            )
            return content.replace(b"<workbookPr", path.encode() + b"<workbookPr", 1)
        if name == "xl/worksheets/_rels/sheet1.xml.rels":
            base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            more = f'<Relationship Id="rId55" Type="{base}/printerSettings" Target="../printerSettings/printerSettings1.bin"/>'
            return content.replace(b"</Relationships>", more.encode() + b"</Relationships>")
        if name == "xl/worksheets/sheet1.xml":
            r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            return content.replace(b"<drawing", f'<pageSetup orientation="portrait" r:id="rId55" xmlns:r="{r}"/><drawing'.encode())
        return content

    save("hours.xlsx", repack(out.getvalue(), change_book))

    show = pptx.Presentation()
    show.core_properties.author = f"{N} author"
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "What the tool does"
    slide.shapes.add_picture(io.BytesIO((OUT / "phone.jpg").read_bytes()), 0, 0)
    slide.notes_slide.notes_text_frame.text = "Notes that stay"
    out = io.BytesIO()
    show.save(out)
    save("slides.pptx", repack(out.getvalue(), lambda name, content: None if name is None else content))

    text = odf.opendocument.OpenDocumentText()
    text.meta.addElement(odf.dc.Creator(text=f"{N} creator"))
    text.meta.addElement(odf.meta.InitialCreator(text=f"{N} first creator"))
    text.text.addElement(odf.text.P(text="What happened, in an open format."))
    remark = odf.office.Annotation()
    remark.addElement(odf.dc.Creator(text="Nadel-Autor"))
    remark.addElement(odf.dc.Date(text="2026-11-01T12:34:56"))
    remark.addElement(odf.text.P(text="A remark that stays"))
    paragraph = odf.text.P(text="Second paragraph.")
    paragraph.addElement(remark)
    text.text.addElement(paragraph)
    text.addPicture(str(OUT / "phone.jpg"))
    out = io.BytesIO()
    text.write(out)

    def change_text(name, content):
        return {"Thumbnails/thumbnail.png": N, "Configurations2/menubar/a.xml": f"<a>{N}</a>"} if name is None else content

    save("letter.odt", repack(out.getvalue(), change_text))


def save(name, data):
    (OUT / name).write_bytes(data)
    print(f"{len(data):7} {name}")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for make in (jpegs, pngs, gifs, webps, heifs, films, pdfs, documents):
        make()
    sys.exit(0)
