"""A certificate authority and a server certificate, made anew for every cluster and valid for a week."""

import datetime
import ipaddress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.x509 import KeyUsage

NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
ADDRESS = "127.0.0.1"
VALID = datetime.timedelta(days=7)


class Certificates(NamedTuple):
    """PEM texts: the authority's certificate, and the server's certificate with its key."""

    ca: bytes
    certificate: bytes
    key: bytes


def make() -> Certificates:
    """A new authority, and what the server shows: for the names of an API server on loopback, valid from five minutes ago."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    now = datetime.datetime.now(datetime.UTC)

    def builder(name: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        def named(common: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

        made = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key)
        made = made.serial_number(x509.random_serial_number())
        return made.not_valid_before(now - datetime.timedelta(minutes=5)).not_valid_after(now + VALID)

    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca = builder("flux-sandbox-ca", "flux-sandbox-ca", ca_key.public_key())
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(ca_id, critical=False)
    ca = ca.add_extension(_usage(sign_certificates=True), critical=True)
    served = builder("kubernetes", "flux-sandbox-ca", key.public_key())
    names = [*map(x509.DNSName, NAMES), x509.IPAddress(ipaddress.ip_address(ADDRESS))]
    served = served.add_extension(x509.SubjectAlternativeName(names), critical=False)
    served = served.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    served = served.add_extension(_usage(sign_certificates=False), critical=True)
    served = served.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    served = served.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False)
    return Certificates(
        ca.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM),
        served.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def _usage(*, sign_certificates: bool) -> "KeyUsage":
    from cryptography.x509 import KeyUsage

    return KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=sign_certificates, crl_sign=sign_certificates, encipher_only=False, decipher_only=False,
    )  # fmt: skip
