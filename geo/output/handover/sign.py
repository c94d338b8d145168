"""PDFs signed with a certificate (PAdES B-B): a file that was changed afterwards is seen to be."""

from __future__ import annotations

import io
from pathlib import Path

from geo.errors import DataFileMissingError, InputError, Problem

FIELD = "diaban"
"""The name of the field of the signature."""


def signed(pdf: bytes, certificate: Path, passphrase: str) -> bytes:
    """The PDF with a signature of the key in a PKCS #12 file (`.p12`); nothing is drawn on its pages.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It holds no key with a certificate, its passphrase is another one, or the signing part is not installed.
    """
    if not certificate.is_file():
        raise DataFileMissingError(Problem("output.no-certificate", str(certificate)))
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
        from pyhanko.sign.fields import SigSeedSubFilter
    except ImportError:
        raise InputError(Problem("output.no-signing", "--sign")) from None
    signer = SimpleSigner.load_pkcs12(str(certificate), passphrase=passphrase.encode())  # type: ignore[no-untyped-call]
    if signer is None:
        raise InputError(Problem("output.not-a-certificate", str(certificate)))
    about = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    made = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    PdfSigner(about, signer, timestamper=None).sign_pdf(writer, output=made)
    return made.getvalue()
