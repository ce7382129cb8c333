//! Ending with the process that started this one.

use std::io::{self, Read};

use tokio::sync::oneshot;

/// Done when the other end of standard input is closed, as it is when the parent has ended,
/// however it did. It never is if that is no pipe: a terminal or `/dev/null` tells nothing.
pub(super) async fn gone() {
    if !is_pipe() {
        return std::future::pending().await;
    }
    let (tell, told) = oneshot::channel();
    let watch = move || {
        let (mut input, mut buffer) = (io::stdin().lock(), [0; 1024]);
        loop {
            match input.read(&mut buffer) {
                Ok(0) => break,
                // What is said there is of no interest.
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        tell.send(()).ok();
    };
    // A thread of its own, which keeps nobody from ending.
    match std::thread::Builder::new().name("parent".into()).spawn(watch) {
        Ok(_) => _ = told.await,
        Err(error) => {
            tracing::warn!("the parent cannot be watched: {error}");
            std::future::pending().await
        }
    }
}

#[cfg(unix)]
fn is_pipe() -> bool {
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;

    let input = io::stdin().as_fd().try_clone_to_owned();
    let kind = input.and_then(|input| File::from(input).metadata()).map(|data| data.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

#[cfg(not(unix))]
fn is_pipe() -> bool {
    use std::io::IsTerminal;

    !io::stdin().is_terminal()
}
