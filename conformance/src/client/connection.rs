//! The one place that opens connections to a target.

use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::Address;

/// A connection to a target, with or without TLS.
pub(crate) type Connection = Either<TcpStream, TlsStream<TcpStream>>;

/// Whose certificates a target at `https://` may have: those that the system trusts, and perhaps
/// more. Cloning shares what was read.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    more: Vec<CertificateDer<'static>>,
    anybody: bool,
    /// Made when it is first needed.
    tls: Arc<OnceLock<Arc<ClientConfig>>>,
}

/// Why certificates cannot be trusted.
#[derive(Debug, thiserror::Error)]
#[error("{path} is no file with PEM certificates")]
pub struct TrustError {
    path: String,
    source: rustls::pki_types::pem::Error,
}

impl Trust {
    /// Trusts those of a file of PEM certificates, too.
    ///
    /// # Errors
    /// If it cannot be read or has none.
    pub fn with(mut self, path: &Path) -> Result<Self, TrustError> {
        let failed = |source| TrustError { path: path.display().to_string(), source };
        for certificate in CertificateDer::pem_file_iter(path).map_err(failed)? {
            self.more.push(certificate.map_err(failed)?);
        }
        if self.more.is_empty() {
            return Err(failed(rustls::pki_types::pem::Error::NoItemsFound));
        }
        Ok(self)
    }

    /// Takes whatever certificate comes.
    pub fn anybody(mut self) -> Self {
        self.anybody = true;
        self
    }

    fn tls(&self) -> io::Result<Arc<ClientConfig>> {
        if let Some(tls) = self.tls.get() {
            return Ok(Arc::clone(tls));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let config = if self.anybody {
            let verifier = Arc::new(Anybody(provider));
            builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
        } else {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots.add_parsable_certificates(self.more.iter().cloned());
            builder.with_root_certificates(roots).with_no_client_auth()
        };
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }
}

impl Address {
    /// Opens a connection.
    pub(crate) async fn connect(&self, trust: &Trust) -> io::Result<Connection> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        if !self.secure {
            return Ok(Either::Left(stream));
        }
        let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
        let connector = TlsConnector::from(trust.tls()?);
        match connector.connect(name, stream).await {
            Ok(stream) => Ok(Either::Right(stream)),
            Err(error) => {
                let unknown = error.get_ref().and_then(|why| why.downcast_ref::<rustls::Error>());
                let hint = match unknown {
                    Some(rustls::Error::InvalidCertificate(_)) if !self.is_trusted(trust) => {
                        "; --ca FILE trusts the one who signed its certificate"
                    }
                    _ => "",
                };
                Err(io::Error::new(error.kind(), format!("TLS: {error}{hint}")))
            }
        }
    }

    fn is_trusted(&self, trust: &Trust) -> bool {
        trust.anybody || !trust.more.is_empty()
    }
}

/// The TCP connection under a connection.
pub(crate) fn tcp(connection: &Connection) -> &TcpStream {
    match connection {
        Either::Left(stream) => stream,
        Either::Right(stream) => stream.get_ref().0,
    }
}

/// Takes every certificate; signatures have to be right nevertheless.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rustls::ServerConfig;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// Says "hi" to whoever trusts its certificate; gives back its address and that certificate.
    async fn server() -> (Address, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    stream.write_all(b"hi").await.unwrap();
                    stream.shutdown().await.unwrap();
                }
            }
        });
        let mut address = Address::of(&format!("https://localhost:{port}")).unwrap();
        address.host = "localhost".to_owned();
        (address, made.cert.pem())
    }

    async fn heard(address: &Address, trust: &Trust) -> io::Result<String> {
        let mut heard = String::new();
        address.connect(trust).await?.read_to_string(&mut heard).await?;
        Ok(heard)
    }

    #[tokio::test]
    async fn a_certificate_has_to_be_trusted() {
        let (address, pem) = server().await;
        let refused = heard(&address, &Trust::default()).await.unwrap_err().to_string();
        assert!(refused.contains("--ca FILE"), "{refused}");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), pem).unwrap();
        let trust = Trust::default().with(file.path()).unwrap();
        assert_eq!(heard(&address, &trust).await.unwrap(), "hi");
        assert_eq!(heard(&address, &Trust::default().anybody()).await.unwrap(), "hi");
        std::fs::write(file.path(), "nothing").unwrap();
        assert!(Trust::default().with(file.path()).is_err());
    }
}
