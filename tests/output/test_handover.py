"""The handover package, signed PDFs, and what validators can see of PDF/A and PDF/UA."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from dossier_samples import MARKS, recorded
from typer.testing import CliRunner

from geo.cli.app import application
from geo.errors import DataFileMissingError, InputError
from geo.output.dossier import Edition, dossier
from geo.output.handover import package_of_ward
from geo.output.handover.sign import signed
from geo.situation import Situation

VI = Edition()
WORD = "mật khẩu"


@pytest.fixture(scope="module")
def paper(hanoi: Situation) -> bytes:
    return dossier(hanoi, "HN-II-5", ["pdf"], VI)["pdf"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made key of an office with a certificate that it signed itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sở Y tế (thử)")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, *[False] * 7)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("key") / "office.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"office", key, made, None, BestAvailableEncryption(WORD.encode()))
    )
    return path


def test_a_signed_pdf_is_whole_and_a_changed_one_is_not(paper: bytes, certificate: Path) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    data = signed(paper, certificate, WORD)
    assert data.startswith(paper)
    [mark] = PdfFileReader(io.BytesIO(data)).embedded_signatures
    assert mark.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    known = ValidationContext(trust_roots=[mark.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(mark, known)
    assert status.intact
    assert status.valid
    assert status.trusted
    changed = bytearray(data)
    changed[len(paper) // 2] ^= 1
    [torn] = PdfFileReader(io.BytesIO(bytes(changed))).embedded_signatures
    assert not validate_pdf_signature(torn, known).intact


def test_what_can_not_be_signed_is_refused(paper: bytes, certificate: Path, tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError):
        signed(paper, tmp_path / "none.p12", WORD)
    with pytest.raises(InputError, match="DIABAN_SIGN_PASSPHRASE"):
        signed(paper, certificate, "wrong")


def test_a_pdf_is_what_it_claims_to_be(paper: bytes) -> None:
    """What pikepdf can see of PDF/A-2a and PDF/UA-1; no validator of the whole standards installs from a registry."""
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        with pdf.open_metadata() as about:
            claims = {name: about[f"pdfaid:{name}"] for name in ("part", "conformance")}
            assert claims == {"part": "2", "conformance": "A"}
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"]
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang).lower().startswith("vi")
        assert root.ViewerPreferences.DisplayDocTitle
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/JavaScript" not in root.get("/Names", {})
        assert not pdf.is_encrypted
        assert pdf.trailer.get("/ID") is not None
        kinds = [kind for kind in _structure(root.StructTreeRoot) if kind]
        assert {"/Document", "/P", "/Table", "/TH", "/Figure", "/H1"} <= set(kinds)
        for font in _fonts(pdf):
            assert "/ToUnicode" in font
            below = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert any(key in below.FontDescriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _structure(element: pikepdf.Object) -> list[str]:
    found, waiting = [], [element]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, pikepdf.Dictionary):
            found.append(str(entry.get("/S", "")))
            if entry.get("/S") == "/Figure":
                assert entry.get("/Alt")
            if "/K" in entry:
                waiting.append(entry["/K"])
        elif isinstance(entry, pikepdf.Array):
            waiting += list(entry)
    return found


def _fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [font for page in pdf.pages for font in page.get("/Resources", {}).get("/Font", {}).values()]  # type: ignore[union-attr]


def test_a_package_has_everything_and_its_sums(hanoi: Situation) -> None:
    data = package_of_ward(recorded(hanoi), "00643", VI)
    assert data == package_of_ward(recorded(hanoi), "00643", VI)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert names[:2] == ["MUC_LUC.txt", "SHA256SUMS"]
        assert {name.split("/")[0] for name in names[2:]} == {"ho-so", "bien-ban", "ban-do", "du-lieu"}
        assert "ho-so/HN-I-5_2026-06-17_noi-bo.pdf" in names
        assert "bien-ban/00643_2026-06-17_noi-bo.docx" in names
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        contents = archive.read("MUC_LUC.txt").decode()
        assert "Bản nội bộ" in contents
        assert all(name in contents for name in names[2:])


def test_a_public_package_tells_nothing_internal(hanoi: Situation) -> None:
    with zipfile.ZipFile(io.BytesIO(package_of_ward(recorded(hanoi), "00664", Edition(audience="public")))) as archive:
        assert all("cong-khai" in name for name in archive.namelist()[2:])
        for name in archive.namelist():
            data = archive.read(name)
            assert not [mark for mark in MARKS if mark.encode() in data], name


def test_the_command_writes_a_signed_package(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "none.sqlite"))
    monkeypatch.setenv("DIABAN_SIGN_PASSPHRASE", WORD)
    file = tmp_path / "a.zip"
    words = ["package", "--ward", "00256", "--day", "2026-06-17", "-o", str(file), "--sign", str(certificate)]
    done = CliRunner().invoke(application(["package"]), words)
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(file) as archive:
        papers = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert all(b"ETSI.CAdES.detached" in archive.read(name) for name in papers)
    for wrong in (["package", "-o", str(file)], ["package", "--review", "99", "-o", str(file)]):
        assert CliRunner().invoke(application(["package"]), wrong).exit_code == 2
