//! TLS to others: the certificates of the system, and those of one more file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Why nobody can be trusted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("{} is no file with PEM certificates", .path.display())]
    Certificate { path: PathBuf, source: rustls::pki_types::pem::Error },
    #[error("{} holds no certificate in PEM", .path.display())]
    NoCertificate { path: PathBuf },
    #[error("TLS cannot be set up")]
    Setup(#[from] rustls::Error),
}

/// Trusts the system's certificates (`SSL_CERT_FILE` replaces them) and those of `extra`.
pub(crate) fn trusting(extra: Option<&Path>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = system_roots().clone();
    if let Some(path) = extra {
        for certificate in certificates(path)? {
            roots.add(certificate)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The certificates of a file, one at least.
pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let failed = |source| TlsError::Certificate { path: path.to_owned(), source };
    let read = CertificateDer::pem_file_iter(path).map_err(failed)?;
    let read: Vec<_> = read.collect::<Result<_, _>>().map_err(failed)?;
    match read.is_empty() {
        true => Err(TlsError::NoCertificate { path: path.to_owned() }),
        false => Ok(read),
    }
}

/// The certificates of the system, read once: a test that starts fifty servers waits for no file.
/// A system without any has none to trust; the handshake says so.
fn system_roots() -> &'static RootCertStore {
    static ROOTS: LazyLock<RootCertStore> = LazyLock::new(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    });
    &ROOTS
}
