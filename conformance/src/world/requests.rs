//! REST requests of a scenario, and the last answer.

use super::World;
use crate::client::{Answer, RawRequest, Request};
use crate::failure::Failure;
use crate::settings::Settings;

impl World {
    /// The headers that the next request has besides the usual ones.
    pub(crate) fn set_next_headers(&mut self, headers: Vec<(String, String)>) {
        self.next_headers = headers;
    }

    /// Sends a request, checks the answer against its schema, and keeps it for the next steps.
    pub(crate) async fn request(
        &mut self,
        method: &str,
        path: &str,
        body: Option<String>,
    ) -> Result<&Answer, Failure> {
        let settings = self.settings()?;
        let request = self.new_request(method, path, body)?;
        self.send(request, &settings).await
    }

    /// Sends a request with these settings; its answer is what the next steps look at.
    pub(super) async fn send(
        &mut self,
        request: Request,
        settings: &Settings,
    ) -> Result<&Answer, Failure> {
        let answer = request.send(settings, &self.timeline).await?;
        self.checker()?.check_answer(&answer, answer.request.curl(settings));
        Ok(self.answer.insert(answer))
    }

    /// Sends a request that goes out as it is, and does the same with its answer. `again`: on the
    /// connection of the last one.
    pub(crate) async fn request_raw(
        &mut self,
        request: RawRequest,
        again: bool,
    ) -> Result<(), Failure> {
        let settings = self.settings()?;
        let connection = self.connection.take().filter(|_| again);
        if again && connection.is_none() {
            return Err(Failure::harness("no raw request was answered before this step"));
        }
        // Then that there is an answer is what is looked at.
        let is_asked = again || request.then_ends;
        let sent = request.send(connection, &settings, &self.timeline).await;
        let raw = sent.map_err(|failure| match is_asked {
            true => Failure::assertion(failure.message),
            false => failure,
        })?;
        self.checker()?.check_answer(&raw.answer, raw.answer.request.curl(&settings));
        self.closed = Some(raw.closed);
        self.connection = Some(raw.connection);
        self.answer = Some(raw.answer);
        Ok(())
    }

    /// Whether the server ended the connection of the last raw request.
    pub(crate) fn is_closed(&self) -> Result<bool, Failure> {
        self.closed.ok_or_else(|| Failure::harness("no raw request was sent before this step"))
    }

    /// Sends a request and does not wait for its answer, which is checked against its schema if it
    /// comes before the scenario is over.
    pub(crate) fn request_unanswered(
        &mut self,
        method: &str,
        path: &str,
        body: String,
    ) -> Result<(), Failure> {
        let (settings, checker) = (self.settings()?, self.checker()?);
        let request = self.new_request(method, path, Some(body))?;
        let timeline = self.timeline.clone();
        self.unanswered.spawn(async move {
            // That there is no answer stands in the timeline, and is no failure.
            if let Ok(answer) = request.send(&settings, &timeline).await {
                checker.check_answer(&answer, answer.request.curl(&settings));
            }
        });
        Ok(())
    }

    /// A request with the password, the headers that were set for it, and the body, if any.
    pub(super) fn new_request(
        &mut self,
        method: &str,
        path: &str,
        body: Option<String>,
    ) -> Result<Request, Failure> {
        let password = self.settings()?.password.reveal().to_owned();
        let mut headers = vec![("Authorization".to_owned(), password)];
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        replace_headers(&mut headers, std::mem::take(&mut self.next_headers));
        Ok(Request { method: method.to_owned(), path: path.to_owned(), headers, body })
    }

    /// The last answer.
    pub(crate) fn answer(&self) -> Result<&Answer, Failure> {
        self.answer.as_ref().ok_or_else(|| Failure::harness("no request was sent before this step"))
    }
}

/// Sets headers over the usual ones; `(absent)` takes one away.
pub(super) fn replace_headers(
    headers: &mut Vec<(String, String)>,
    replaced: Vec<(String, String)>,
) {
    for (name, _) in &replaced {
        headers.retain(|(usual, _)| !usual.eq_ignore_ascii_case(name));
    }
    headers.extend(replaced.into_iter().filter(|(_, value)| value != "(absent)"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_replace_the_usual_ones_whatever_their_case() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![pair("Authorization", "x"), pair("User-Id", "1")];
        let replaced = vec![pair("authorization", "(absent)"), pair("User-Id", ""), pair("A", "b")];
        replace_headers(&mut headers, replaced);
        assert_eq!(headers, [pair("User-Id", ""), pair("A", "b")]);
    }
}
