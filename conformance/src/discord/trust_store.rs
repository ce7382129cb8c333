//! A PKCS#12 file (RFC 7292) with one certificate to trust, as JVMs read it.

use yasna::models::ObjectIdentifier;
use yasna::{DERWriter, Tag};

/// Name of the certificate in the trust store.
const ALIAS: &str = "lavalink-conformance";

/// id-data: content that is not encrypted. RFC 5652, section 4.
const DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 1];
/// certBag: the bag holds a certificate. RFC 7292, section 4.2.3.
const CERTIFICATE_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 3];
/// x509Certificate: the certificate is X.509 in DER. RFC 7292, section 4.2.3.
const X509_CERTIFICATE: &[u64] = &[1, 2, 840, 113_549, 1, 9, 22, 1];
/// friendlyName: what the JVM calls an alias. RFC 2985, section 5.5.1.
const FRIENDLY_NAME: &[u64] = &[1, 2, 840, 113_549, 1, 9, 20];
/// trustedKeyUsage: without this attribute a JVM does not take the certificate for a trusted one.
const TRUSTED_KEY_USAGE: &[u64] = &[2, 16, 840, 1, 113_894, 746_875, 1, 1];
/// anyExtendedKeyUsage: trusted for everything. RFC 5280, section 4.2.1.12.
const ANY_KEY_USAGE: &[u64] = &[2, 5, 29, 37, 0];

/// The trust store for a certificate in DER. It holds no secret, so nothing in it is encrypted, and
/// it has no MAC: a JVM checks a MAC only if there is one, so any password opens the store.
pub(super) fn trust_store(certificate: &[u8]) -> Vec<u8> {
    let bags = yasna::construct_der(|writer| {
        writer.write_sequence_of(|bags| write_bag(bags.next(), certificate));
    });
    let safe = yasna::construct_der(|writer| {
        writer.write_sequence_of(|contents| write_data(contents.next(), &bags));
    });
    yasna::construct_der(|writer| {
        writer.write_sequence(|pfx| {
            pfx.next().write_u8(3);
            write_data(pfx.next(), &safe);
        });
    })
}

/// A ContentInfo of the type data.
fn write_data(writer: DERWriter<'_>, content: &[u8]) {
    writer.write_sequence(|info| {
        write_oid(info.next(), DATA);
        info.next().write_tagged(Tag::context(0), |writer| writer.write_bytes(content));
    });
}

/// A SafeBag with a certificate and its attributes.
fn write_bag(writer: DERWriter<'_>, certificate: &[u8]) {
    writer.write_sequence(|bag| {
        write_oid(bag.next(), CERTIFICATE_BAG);
        bag.next().write_tagged(Tag::context(0), |writer| {
            writer.write_sequence(|content| {
                write_oid(content.next(), X509_CERTIFICATE);
                content.next().write_tagged(Tag::context(0), |der| der.write_bytes(certificate));
            });
        });
        bag.next().write_set_of(|attributes| {
            write_attribute(attributes.next(), FRIENDLY_NAME, |value| {
                value.write_bmp_string(ALIAS);
            });
            write_attribute(attributes.next(), TRUSTED_KEY_USAGE, |value| {
                write_oid(value, ANY_KEY_USAGE);
            });
        });
    });
}

/// An attribute with one value.
fn write_attribute(writer: DERWriter<'_>, kind: &[u64], value: impl FnOnce(DERWriter<'_>)) {
    writer.write_sequence(|attribute| {
        write_oid(attribute.next(), kind);
        attribute.next().write_set_of(|values| value(values.next()));
    });
}

fn write_oid(writer: DERWriter<'_>, components: &[u64]) {
    writer.write_oid(&ObjectIdentifier::from_slice(components));
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Every length of a certificate gives a store of the sizes that its outer header tells.
    #[test]
    fn the_header_tells_the_size() {
        for size in [1, 100, 127, 128, 600, 70_000] {
            let store = trust_store(&vec![7; size]);
            let (tag, rest) = yasna::parse_der(&store, |reader| {
                let der = reader.read_tagged_der()?;
                Ok((der.tag(), der.value().len()))
            })
            .unwrap();
            assert_eq!(tag, yasna::tags::TAG_SEQUENCE);
            assert!(rest > size && rest < store.len());
        }
    }

    /// Where a JDK is, its own tool finds the certificate, and takes it for a trusted one.
    #[test]
    fn a_jvm_trusts_the_certificate() {
        if Command::new("keytool").arg("-help").output().is_err() {
            eprintln!("not run: there is no keytool");
            return;
        }
        let key = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, trust_store(key.cert.der())).unwrap();
        let listed = Command::new("keytool")
            .args(["-list", "-storepass", "changeit", "-J-Duser.language=en", "-keystore"])
            .arg(file.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&listed.stdout);
        assert!(listed.status.success(), "{text}");
        assert!(
            text.contains("lavalink-conformance") && text.contains("trustedCertEntry"),
            "{text}"
        );
    }
}
