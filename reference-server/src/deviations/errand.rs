//! Work of rows that a session's task does, among its calls.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::session::{Call, Handle, Session};

type Work = Box<dyn FnOnce(&mut Session) + Send>;

/// Work that waits for the next call of its session.
static WAITING: Mutex<Vec<(Handle, Work)>> = Mutex::new(Vec::new());

/// Has a session's task do something, and gives back its result; `None` if it is over.
pub(super) async fn ask<T: Send + 'static>(
    handle: &Handle,
    work: impl FnOnce(&mut Session) -> T + Send + 'static,
) -> Option<T> {
    let (reply, replied) = oneshot::channel();
    // Whoever has asked may have hung up.
    let work = Box::new(move |session: &mut Session| drop(reply.send(work(session))));
    lock().push((handle.clone(), work));
    // Any call will do: what waits is done first.
    handle.call(Call::ShowPlayers).await;
    // Of a session that is over it still waits.
    lock().retain(|(waiting, _)| waiting != handle);
    replied.await.ok()
}

/// Does what waits for a session that is called.
pub(super) fn run(session: &mut Session) {
    let is_for = |(handle, _): &mut (Handle, Work)| *handle == session.handle;
    let works: Vec<_> = lock().extract_if(.., is_for).collect();
    works.into_iter().for_each(|(_, work)| work(session));
}

fn lock() -> MutexGuard<'static, Vec<(Handle, Work)>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}
