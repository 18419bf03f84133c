"""A certificate authority for tests: a root nobody trusts, and whom it vouches for."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from generation.media.provenance import Signer

EMAIL = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
"""One of the purposes that the C2PA specification (section on X.509 certificates) lets sign."""


def signer_in(folder: Path, *, days: int = 30) -> Signer:
    """ES256 credentials, valid until `days` from now, as chain.pem and key.pem in `folder`."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Test root", root_key, root_key, days=days, ca=True)
    root_certificate = root.sign(root_key, hashes.SHA256())
    leaf = _certificate("Test signer", key, root_key, days=days, ca=False)
    certificate = leaf.add_extension(EMAIL, critical=False).sign(root_key, hashes.SHA256())
    signer = Signer(folder / "chain.pem", folder / "key.pem")
    signer.certificate.write_bytes(
        certificate.public_bytes(Encoding.PEM) + root_certificate.public_bytes(Encoding.PEM)
    )
    signer.private_key.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return signer


def server_in(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The root's certificate, and what a server on 127.0.0.1 shows of it."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Test root", root_key, root_key, days=30, ca=True)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    leaf = _certificate("Test server", key, root_key, days=30, ca=False)
    certificate = leaf.add_extension(here, critical=False).sign(root_key, hashes.SHA256())
    trusted, chain = folder / "root.pem", folder / "server.pem"
    trusted.write_bytes(root.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    chain.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return trusted, context


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tests")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: ec.EllipticCurvePrivateKey,
    *,
    days: int,
    ca: bool,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())
    return (
        x509.CertificateBuilder(_name("Test root"), _name(subject), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_usage(ca=ca), critical=True)
        .add_extension(identity, critical=False)
        .add_extension(authority, critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
