//! What a scenario has the target's guarded sources do, and what its upstream saw of that.

use std::net::IpAddr;
use std::sync::Arc;

use futures::future::join_all;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::World;
use crate::client::{Answer, Request};
use crate::failure::Failure;
use crate::settings::{Budgets, Settings};
use crate::upstream::{Seen, Upstream};

/// How much longer than other answers that of a load may take.
const LOADS_TAKE: u32 = 3;

impl World {
    /// What guarded sources ask.
    pub(crate) fn upstream(&self) -> Result<Arc<Upstream>, Failure> {
        let upstream = self.begun()?.lease.upstream();
        upstream.ok_or_else(|| Failure::harness("the scenario needs @needs-upstream"))
    }

    /// Has something loaded so often, one after the other. What the upstream sees from here on is
    /// what the next steps look at.
    pub(crate) async fn load_in_turn(&mut self, identifiers: &[String]) -> Result<(), Failure> {
        self.seen_before = self.upstream()?.seen().len();
        let settings = patient(&*self.settings()?);
        for identifier in identifiers {
            let request = self.new_request("GET", &load_path(identifier), None)?;
            self.send(request, &settings).await?;
        }
        Ok(())
    }

    /// Like [`Self::load_in_turn`], all at once; every answer has to be one that has a body.
    pub(crate) async fn load_at_once(&mut self, identifiers: &[String]) -> Result<(), Failure> {
        self.seen_before = self.upstream()?.seen().len();
        let settings = patient(&*self.settings()?);
        let checker = self.checker()?;
        let requests = identifiers.iter().map(|identifier| {
            let password = settings.password.reveal().to_owned();
            let request = Request {
                method: "GET".into(),
                path: load_path(identifier),
                headers: vec![("Authorization".into(), password)],
                body: None,
            };
            request.send(&settings, &self.timeline)
        });
        let answers: Vec<Answer> =
            join_all(requests).await.into_iter().collect::<Result<_, _>>()?;
        for answer in answers {
            checker.check_answer(&answer, answer.request.curl(&settings));
            self.answer = Some(answer);
        }
        Ok(())
    }

    /// The requests since the last step that loaded something: those for what it loads.
    pub(crate) fn recent_requests(&self) -> Result<Vec<Seen>, Failure> {
        let seen = self.all_recent_requests()?;
        Ok(seen.into_iter().filter(|seen| seen.asked.is_wanted()).collect())
    }

    /// [`Self::recent_requests`] with those for what is needed on the way to a video.
    pub(crate) fn all_recent_requests(&self) -> Result<Vec<Seen>, Failure> {
        Ok(self.upstream()?.seen().split_off(self.seen_before))
    }

    /// Addresses that the status of the route planner lists as failing, without the slash that the
    /// real server puts before them.
    pub(crate) async fn failing_addresses(&mut self) -> Result<Vec<IpAddr>, Failure> {
        let answer = self.request("GET", "/v4/routeplanner/status", None).await?;
        let body = answer.json().unwrap_or_default();
        let status = answer.status;
        let wrong = |what: String| {
            Failure::assertion(format!("the route planner's status ({status}) has {what}"))
        };
        let entries = body["details"]["failingAddresses"].as_array();
        let entries = entries.ok_or_else(|| wrong("no list of failing addresses".into()))?;
        let address = |entry: &Value| {
            let text = entry["failingAddress"].as_str().unwrap_or_default();
            let address = text.strip_prefix('/').unwrap_or(text).parse();
            address.map_err(|_| wrong(format!("an entry that is no address: {entry}")))
        };
        entries.iter().map(address).collect()
    }
}

/// The settings for a load, before whose answer all addresses of a block may have been tried: the
/// real server takes 20 to 80 ms for each.
fn patient(settings: &Settings) -> Settings {
    let answer = settings.budgets.answer * LOADS_TAKE;
    Settings { budgets: Budgets { answer, ..settings.budgets.clone() }, ..settings.clone() }
}

fn load_path(identifier: &str) -> String {
    format!("/v4/loadtracks?identifier={}", utf8_percent_encode(identifier, NON_ALPHANUMERIC))
}
