"""Certificates in a diff are told by what is in them."""

from typing import Any


def summary(pem: str) -> str | None:
    """A few lines about the certificate; None where the text holds none."""
    if "-----BEGIN CERTIFICATE-----" not in pem:
        return None
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    try:
        cert = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return None

    def of(name: Any, oid: Any) -> str:
        return " ".join(str(part.value) for part in name.get_attributes_for_oid(oid))

    fields = (
        ("Common Name", NameOID.COMMON_NAME),
        ("Organization", NameOID.ORGANIZATION_NAME),
        ("Organization Unit", NameOID.ORGANIZATIONAL_UNIT_NAME),
        ("Locality", NameOID.LOCALITY_NAME),
        ("State", NameOID.STATE_OR_PROVINCE_NAME),
        ("Country", NameOID.COUNTRY_NAME),
    )
    subject = "".join(f"  {label}: {of(cert.subject, oid)}\n" for label, oid in fields)
    issuer = f"{of(cert.issuer, NameOID.COMMON_NAME)}, {of(cert.issuer, NameOID.ORGANIZATION_NAME)}"
    return (
        f"Subject:\n{subject}Validity Period:\n  NotBefore: {_day(cert.not_valid_before_utc)}\n"
        f"  NotAfter: {_day(cert.not_valid_after_utc)}\nIssuer: {issuer}\n"
        f"Serial Number: {cert.serial_number} ({cert.serial_number:#x})\n"
    )


def _day(when: Any) -> str:
    return f"{when:%b} {when.day} {when:%H:%M:%S %Y} UTC"
