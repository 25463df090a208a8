"""The certificate: what a run found, as data. Version 2 of its form is `certificate.schema.json` beside this folder."""

from conformance.certificate.checking import CertificateError, NoCertificate, check
from conformance.certificate.collecting import Certificate
from conformance.certificate.comparing import Difference, compare
from conformance.certificate.files import history_of, read, replace_text, to_text, write
from conformance.certificate.form import VERSION
from conformance.certificate.merging import merge
from conformance.certificate.outcomes import FINE, OUTCOMES, fine

__all__ = [
    "FINE",
    "OUTCOMES",
    "VERSION",
    "Certificate",
    "CertificateError",
    "Difference",
    "NoCertificate",
    "check",
    "compare",
    "fine",
    "history_of",
    "merge",
    "read",
    "replace_text",
    "to_text",
    "write",
]
