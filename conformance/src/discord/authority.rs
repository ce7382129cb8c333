//! A certificate authority that lives as long as the run, and the certificate of the gateway.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;

use super::trust_store::trust_store;

/// Password of the PKCS#12 trust store, as a JVM's own has. Nothing is encrypted with it, but a JVM
/// given none finds no certificates in a store of this kind.
pub const TRUST_STORE_PASSWORD: &str = "changeit";

/// Why there is no authority.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A certificate cannot be made.
    #[error("failed to make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The gateway cannot use its certificate.
    #[error("failed to set TLS up")]
    Tls(#[from] rustls::Error),
    /// It cannot be written to a file.
    #[error("failed to write a certificate to a temporary file")]
    File(#[from] std::io::Error),
}

/// A throwaway certificate authority. Its key never leaves the process.
pub struct Authority {
    pem: String,
    /// Holds the same as a file.
    dir: TempDir,
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
    servers: ServerConfigs,
    trusted: AtomicBool,
}

/// How gateways serve TLS.
#[derive(Clone)]
pub(super) struct ServerConfigs {
    /// With a certificate for `localhost` and `127.0.0.1`.
    pub(super) right: Arc<ServerConfig>,
    /// With one for another host.
    pub(super) impostor: Arc<ServerConfig>,
}

impl Authority {
    /// A new one, with certificates for gateways.
    ///
    /// # Errors
    /// [`AuthorityError`] if keys or certificates cannot be made.
    pub fn new() -> Result<Self, AuthorityError> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, "lavalink-conformance throwaway CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        let issuer = Issuer::new(params, key);
        let servers = ServerConfigs {
            right: server_config(&issuer, &["localhost".to_owned(), "127.0.0.1".to_owned()])?,
            impostor: server_config(&issuer, &["elsewhere.invalid".to_owned()])?,
        };
        let pem = certificate.pem();
        let dir = tempfile::Builder::new().prefix("lavalink-ca-").tempdir()?;
        fs::write(pem_in(&dir), &pem)?;
        Ok(Self {
            pem,
            dir,
            der: certificate.der().to_vec(),
            issuer,
            servers,
            trusted: AtomicBool::new(false),
        })
    }

    /// Whether a target of the run has taken one of its certificates.
    pub(crate) fn is_trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    /// A target has taken one of its certificates.
    pub(crate) fn note_trusted(&self) {
        self.trusted.store(true, Ordering::Relaxed);
    }

    /// The authority's certificate, for `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A file with [`Self::pem`], as long as this lives.
    pub fn path(&self) -> PathBuf {
        pem_in(&self.dir)
    }

    /// The same for a JVM: `-Djavax.net.ssl.trustStore`, with [`TRUST_STORE_PASSWORD`].
    pub fn trust_store(&self) -> Vec<u8> {
        trust_store(&self.der)
    }

    /// Writes [`Self::trust_store`] beside [`Self::path`], where it ends in `.p12`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_trust_store(&self) -> Result<(), AuthorityError> {
        Ok(fs::write(trust_store_beside(&self.path()), self.trust_store())?)
    }

    /// How gateways serve TLS.
    pub(super) fn servers(&self) -> ServerConfigs {
        self.servers.clone()
    }

    /// How somebody with these host names serves TLS.
    pub(crate) fn server_for(&self, names: &[String]) -> Result<Arc<ServerConfig>, AuthorityError> {
        server_config(&self.issuer, names)
    }
}

/// Where the trust store for a JVM is, of a certificate in that file.
pub(crate) fn trust_store_beside(pem: &Path) -> PathBuf {
    pem.with_extension("p12")
}

fn pem_in(dir: &TempDir) -> PathBuf {
    dir.path().join("ca.pem")
}

/// TLS with a new certificate for these host names and addresses.
fn server_config(
    issuer: &Issuer<'static, KeyPair>,
    names: &[String],
) -> Result<Arc<ServerConfig>, AuthorityError> {
    let mut leaf = CertificateParams::new(names.to_vec())?;
    leaf.distinguished_name.push(DnType::CommonName, names.first().map_or("", String::as_str));
    // Strict readers, such as Python's, ask for it.
    leaf.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let leaf = leaf.signed_by(&key, issuer)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)?;
    Ok(Arc::new(server))
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_is_given_in_both_forms() {
        let authority = Authority::new().unwrap();
        assert!(authority.pem().starts_with("-----BEGIN CERTIFICATE-----"));
        assert_eq!(fs::read_to_string(authority.path()).unwrap(), authority.pem());
        authority.write_trust_store().unwrap();
        let file = fs::read(trust_store_beside(&authority.path())).unwrap();
        let holds = file.windows(authority.der.len()).any(|part| part == authority.der);
        assert!(holds, "the trust store holds another certificate");
    }
}
